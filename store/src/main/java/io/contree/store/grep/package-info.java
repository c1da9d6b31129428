/**
 * Searches the files of an image by regular expressions, through its read-only view, without starting anything. Patterns
 * are in the syntax of Rust's regex crate, as ripgrep takes them, and are translated for RE2/J, whose time is linear in the
 * text. Where the two differ and there is no translation, the pattern is refused with a message rather than misread:
 * set operations and classes in classes, {@code (?x)}, {@code (?R)}, {@code (?-u)}, {@code \b{start}}, repetitions above
 * 1000. {@code \b} knows ASCII word characters only, and {@code .} takes a byte that is not UTF-8 for one character.
 */
@NullMarked
package io.contree.store.grep;

import org.jspecify.annotations.NullMarked;

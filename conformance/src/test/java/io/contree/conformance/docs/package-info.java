/**
 * The snippets of docs/sdk and README.md, each between {@code // docs: NAME} and {@code // end}. An interface holds those of
 * one page; {@code SdkDocsIT} runs them all on one server, and {@link io.contree.conformance.docs.SnippetsTest} holds the
 * pages against them.
 */
package io.contree.conformance.docs;

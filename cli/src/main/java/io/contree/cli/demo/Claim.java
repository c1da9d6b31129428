package io.contree.cli.demo;

/** Something that contree promises, and whether it was so. */
record Claim(String promise, boolean held, String evidence) {}

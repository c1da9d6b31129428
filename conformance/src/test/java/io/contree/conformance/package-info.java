/** The official clients, unmodified, and the whole of the promises, against the real server in a process of its own. */
package io.contree.conformance;

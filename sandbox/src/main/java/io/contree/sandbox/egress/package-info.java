/**
 * The way out of sandboxes into the network: a pool of network namespaces, each joined to the machine by a pair of virtual
 * Ethernet devices, and one set of nftables rules that says what may be reached. docs/networking.md tells it to operators.
 *
 * <pre>{@code
 * Egress egress = Egress.open(place, config);   // forwarding, address range, rules, first namespaces
 * EgressSlot slot = egress.take();              // a namespace that nobody has used
 * ...                                           // a container runs in it
 * slot.release();                               // destroyed in the background; another is made
 * egress.close();                               // nothing is left but the sysctl ip_forward
 * }</pre>
 *
 * <p>Everything of one server has its name: the tables {@code contree-…} and the devices {@code ctree…}. The rules lie in
 * the machine's network namespace, where no sandbox gets. IPv4 only: inside, IPv6 is on for loopback alone.
 */
@NullMarked
package io.contree.sandbox.egress;

import org.jspecify.annotations.NullMarked;

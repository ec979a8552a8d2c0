/**
 * What a host's kernel is told, for nftables: which packets pass between the host's instances and the network.
 *
 * <p>One table, {@code inet cumulet}, on a host that routes between its instances' interfaces and the rest:
 *
 * <pre>
 *   forward, priority -10: egress                         forward, priority 0: ingress
 *     a reply to what was let through ──► pass on           a reply ──► pass
 *     iifname . saddr ──► out-(interface)                   oifname . daddr ──► in-(interface)
 *     from an instance's port, but not its address ──► drop   to an instance's port, but no address of it ──► drop
 *
 *   in-(interface):  jump to the in-chain of each of its groups; drop
 *   in-(group):      a line for each rule and family: CIDRs as they are, other groups and prefix lists as sets; accept
 *   g4-, g6-(group): addresses of a group's members, on whatever host: only of groups that a rule on this host names
 *   p4-, p6-(list):  blocks of a prefix list
 * </pre>
 *
 * Accepting ends one of the two base chains alone, so that a packet between two instances of one host is judged twice. An
 * interface's name on the host follows from its id, and addresses count together with it: two VPCs of one host may have the
 * same addresses, and no instance gets a packet out under another's. (Connections are told apart by addresses: a host that
 * carries two such VPCs gives each a conntrack zone, as it gives each a routing table.)
 *
 * @see <a href="https://wiki.nftables.org/">nftables</a>
 */
@NullMarked
package io.cumulet.firewall.domain.rulesets;

import org.jspecify.annotations.NullMarked;

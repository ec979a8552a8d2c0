package io.cumulet.firewall.domain.rulesets;

import io.cumulet.firewall.domain.traffic.Direction;
import io.cumulet.kernel.IpAddress;
import java.util.List;

/**
 * A step that changes a host's table. Steps are done in order, all or none. As the kernel does, they insist: what is deleted
 * has to be there, and nothing else may name it by then.
 */
public sealed interface Command {

    /** Makes an empty set. */
    record AddSet(SetName set) implements Command {}

    record DeleteSet(SetName set) implements Command {}

    /** Puts addresses or blocks into a set; those that are there stay. */
    record AddElements(SetName set, List<String> elements) implements Command {
        public AddElements {
            elements = List.copyOf(elements);
        }
    }

    record DeleteElements(SetName set, List<String> elements) implements Command {
        public DeleteElements {
            elements = List.copyOf(elements);
        }
    }

    /** Empties a set. */
    record FlushSet(SetName set) implements Command {}

    /** Makes an empty chain. */
    record AddChain(String chain) implements Command {}

    /** Replaces all that a chain says. */
    record SetRules(String chain, List<String> rules) implements Command {
        public SetRules {
            rules = List.copyOf(rules);
        }
    }

    /** Deletes a chain with all it says. */
    record DeleteChain(String chain) implements Command {}

    /** Sends what comes from (egress) or goes to (ingress) an address at an interface into a chain. */
    record Bind(Direction direction, String interfaceName, IpAddress address, String chain) implements Command {}

    record Unbind(Direction direction, String interfaceName, IpAddress address) implements Command {}
}

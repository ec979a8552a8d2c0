package io.cumulet.firewall.domain.traffic;

/** Seen from the instance that has the group. */
public enum Direction {
    INGRESS("ingress"),
    EGRESS("egress");

    private final String code;

    Direction(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }
}

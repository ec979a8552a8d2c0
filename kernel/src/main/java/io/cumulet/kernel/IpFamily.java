package io.cumulet.kernel;

/** The two families of addresses; a block of one never holds an address of the other. */
public enum IpFamily {
    IPV4(32),
    IPV6(128);

    private final int addressBits;

    IpFamily(int addressBits) {
        this.addressBits = addressBits;
    }

    public int addressBits() {
        return addressBits;
    }
}

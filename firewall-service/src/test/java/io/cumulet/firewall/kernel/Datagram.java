package io.cumulet.firewall.kernel;

import io.cumulet.firewall.domain.traffic.Packet;
import io.cumulet.kernel.IpAddress;
import io.cumulet.kernel.IpFamily;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** A packet as it goes over a wire, with a number in its header by which it is known again. */
final class Datagram {

    /** By which a router on the way tells these packets from all others. */
    static final int TIME_TO_LIVE = 200;

    private Datagram() {}

    /** @param number from 1 to 65,535: the identification of IPv4, the flow label of IPv6 */
    static String hex(Packet packet, int number) {
        boolean six = packet.family() == IpFamily.IPV6;
        byte[] source = bytes(packet.source());
        byte[] destination = bytes(packet.destination());
        byte[] payload = payload(packet, number, source, destination);
        ByteBuffer all = ByteBuffer.allocate(100);
        if (six) {
            all.putInt(0x6000_0000 | number).putShort((short) payload.length);
            all.put((byte) packet.protocolNumber()).put((byte) TIME_TO_LIVE);
        } else {
            all.putShort((short) 0x4500).putShort((short) (20 + payload.length)).putShort((short) number);
            all.putShort((short) 0)
                    .put((byte) TIME_TO_LIVE)
                    .put((byte) packet.protocolNumber())
                    .putShort((short) 0);
        }
        all.put(source).put(destination);
        if (!six) {
            all.putShort(10, checksum(Arrays.copyOf(all.array(), 20)));
        }
        all.put(payload);
        return HexFormat.of().formatHex(all.array(), 0, all.position());
    }

    private static byte[] payload(Packet packet, int number, byte[] source, byte[] destination) {
        ByteBuffer payload = ByteBuffer.allocate(20);
        int checksumAt = -1;
        switch (packet.protocolNumber()) {
            case 6 -> {
                payload.putShort((short) number)
                        .putShort((short) packet.destinationPort())
                        .putInt(number * 7919);
                payload.putInt(0).putShort((short) 0x5002).putShort((short) 64_000);
                checksumAt = 16;
            }
            case 17 -> {
                payload.putShort((short) number)
                        .putShort((short) packet.destinationPort())
                        .putShort((short) 20);
                checksumAt = 6;
            }
            case 1, 58 -> {
                payload.put((byte) packet.icmpType())
                        .put((byte) packet.icmpCode())
                        .putShort((short) 0);
                payload.putShort((short) number).putShort((short) 1);
                checksumAt = 2;
            }
            default -> {}
        }
        if (checksumAt >= 0) {
            boolean plain = packet.protocolNumber() == 1;
            ByteBuffer summed = ByteBuffer.allocate(60);
            if (!plain) {
                summed.put(source).put(destination).putInt(payload.capacity()).putInt(packet.protocolNumber());
            }
            summed.put(payload.array());
            payload.putShort(checksumAt, checksum(Arrays.copyOf(summed.array(), summed.position())));
        }
        return payload.array();
    }

    /** RFC 1071. */
    private static short checksum(byte[] bytes) {
        ByteBuffer words = ByteBuffer.wrap(bytes);
        int sum = 0;
        while (words.hasRemaining()) {
            sum += words.getShort() & 0xffff;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return (short) ~sum;
    }

    private static byte[] bytes(IpAddress address) {
        return switch (address.family()) {
            case IPV4 -> ByteBuffer.allocate(4).putInt((int) address.low()).array();
            case IPV6 ->
                ByteBuffer.allocate(16)
                        .putLong(address.high())
                        .putLong(address.low())
                        .array();
        };
    }
}

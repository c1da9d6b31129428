package io.contree.sandbox.nursery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A veth pair between the machine and a sandbox. The hardware addresses are of six bytes, the others of four.
 *
 * @param device the name of the machine's end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole
public record Cable(String device, byte[] machineHardware, byte[] sandboxHardware, byte[] address, byte[] gateway) {
    private static final int NAME = 16;
    private static final int HARDWARE = 8;

    byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(NAME + 2 * HARDWARE + 8).order(ByteOrder.nativeOrder());
        bytes.put(0, device.getBytes(StandardCharsets.US_ASCII));
        bytes.put(NAME, machineHardware);
        bytes.put(NAME + HARDWARE, sandboxHardware);
        bytes.put(NAME + 2 * HARDWARE, address);
        bytes.put(NAME + 2 * HARDWARE + 4, gateway);
        return bytes.array();
    }
}

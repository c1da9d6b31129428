package io.contree.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * A DNS server that knows some names (RFC 1035: questions for A, class IN; everything else has no answer), as a program of its
 * own that a test starts where it needs it. Arguments: address and port to listen on, then names and addresses in turn. It prints
 * a line when it listens.
 */
public final class NameServer {
    private static final int HEADER = 12;
    private static final short ANSWER = (short) 0x8180;
    private static final short NO_SUCH_NAME = (short) 0x8183;
    private static final short A = 1;

    private final Map<String, byte[]> addresses;

    NameServer(Map<String, byte[]> addresses) {
        this.addresses = Map.copyOf(addresses);
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, byte[]> addresses = new java.util.HashMap<>();
        for (int i = 2; i < arguments.length; i += 2) {
            addresses.put(arguments[i], InetAddress.getByName(arguments[i + 1]).getAddress());
        }
        NameServer server = new NameServer(addresses);
        InetSocketAddress here = new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        try (DatagramSocket udp = new DatagramSocket(here);
                ServerSocket tcp = new ServerSocket()) {
            tcp.bind(here);
            Thread.ofPlatform().daemon().start(() -> server.serveTcp(tcp));
            System.out.println("listening");
            server.serveUdp(udp);
        }
    }

    private void serveUdp(DatagramSocket socket) throws IOException {
        while (true) {
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            socket.receive(packet);
            byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
    }

    private void serveTcp(ServerSocket listener) {
        while (true) {
            try (Socket socket = listener.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                byte[] answer = answer(question);
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            } catch (IOException e) {
                System.err.println("a question by TCP failed: " + e);
            }
        }
    }

    byte[] answer(byte[] question) {
        int at = HEADER;
        StringBuilder name = new StringBuilder();
        while (question[at] != 0) {
            int length = question[at];
            name.append(new String(question, at + 1, length, StandardCharsets.US_ASCII))
                    .append('.');
            at += length + 1;
        }
        name.setLength(Math.max(0, name.length() - 1));
        short type = ByteBuffer.wrap(question).getShort(at + 1);
        byte[] address = addresses.get(name.toString().toLowerCase(Locale.ROOT));
        int end = at + 5;
        ByteBuffer answer = ByteBuffer.allocate(end + 16);
        answer.put(question, 0, end);
        boolean known = address != null && type == A;
        answer.putShort(2, address == null ? NO_SUCH_NAME : ANSWER);
        answer.putShort(4, (short) 1).putShort(6, (short) (known ? 1 : 0)).putInt(8, 0);
        if (known) {
            // A pointer to the question's name, type A, class IN, one second, four bytes.
            answer.putShort((short) 0xc00c).putShort(A).putShort((short) 1).putInt(1);
            answer.putShort((short) 4).put(address);
        }
        return Arrays.copyOf(answer.array(), answer.position());
    }
}

package io.contree.sandbox.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that answers with the question in reverse stands for a DNS server: the forwarder reads neither. */
class DnsForwarderTest {
    private DatagramSocket udp;
    private ServerSocket tcp;

    @BeforeEach
    void open() throws IOException {
        udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        tcp = new ServerSocket();
        tcp.bind(udp.getLocalSocketAddress());
        Thread.ofVirtual().start(this::answerByUdp);
        Thread.ofVirtual().start(this::answerByTcp);
    }

    @AfterEach
    void close() throws IOException {
        udp.close();
        tcp.close();
    }

    private void answerByUdp() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                udp.receive(packet);
                byte[] answer = reversed(Arrays.copyOf(packet.getData(), packet.getLength()));
                udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException e) {
            assertThat(udp.isClosed()).isTrue();
        }
    }

    private void answerByTcp() {
        try {
            while (true) {
                try (Socket socket = tcp.accept()) {
                    byte[] answer = reversed(question(socket));
                    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                    out.writeShort(answer.length);
                    out.write(answer);
                }
            }
        } catch (IOException e) {
            assertThat(tcp.isClosed()).isTrue();
        }
    }

    private static byte[] question(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        return message;
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    private DnsForwarder forwarder(DatagramSocket free, InetSocketAddress... upstreams) throws IOException {
        InetSocketAddress here = (InetSocketAddress) free.getLocalSocketAddress();
        free.close();
        return DnsForwarder.open(here, List.of(upstreams));
    }

    @Test
    void passesQuestionsAndAnswersOnAsTheyAre() throws Exception {
        DatagramSocket free = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InetSocketAddress here = (InetSocketAddress) free.getLocalSocketAddress();
        try (DnsForwarder _ = forwarder(free, (InetSocketAddress) udp.getLocalSocketAddress())) {
            assertThat(askByUdp(here, "question")).isEqualTo("noitseuq");
            assertThat(askByUdp(here, "another")).isEqualTo("rehtona");
            try (Socket socket = new Socket(here.getAddress(), here.getPort())) {
                DataOutputStream out = new DataOutputStream(socket.getOutputStream());
                out.write(new byte[] {0, 3, 'a', 'b', 'c'});
                assertThat(socket.getInputStream().readAllBytes()).isEqualTo(new byte[] {0, 3, 'c', 'b', 'a'});
            }
        }
    }

    @Test
    void asksTheNextServerWhenOneIsNotThere() throws Exception {
        DatagramSocket dead = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InetSocketAddress nobody = (InetSocketAddress) dead.getLocalSocketAddress();
        dead.close();
        DatagramSocket free = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        InetSocketAddress here = (InetSocketAddress) free.getLocalSocketAddress();
        try (DnsForwarder _ = forwarder(free, nobody, (InetSocketAddress) udp.getLocalSocketAddress())) {
            assertThat(askByUdp(here, "who")).isEqualTo("ohw");
        }
    }

    private static String askByUdp(InetSocketAddress server, String question) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(20_000);
            byte[] bytes = question.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(bytes, bytes.length, server));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), java.nio.charset.StandardCharsets.US_ASCII);
        }
    }
}

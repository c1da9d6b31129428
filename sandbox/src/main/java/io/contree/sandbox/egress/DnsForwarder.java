package io.contree.sandbox.egress;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes questions of sandboxes on to DNS servers that only this machine reaches, and the answers back, as they are: it neither
 * reads nor keeps them. It takes them by UDP, and by TCP one per connection (RFC 1035, 4.2.2: a length of two bytes, then the message).
 * Beyond {@value #MOST_OF_ONE} questions of one sandbox at a time they are dropped, as DNS allows.
 */
final class DnsForwarder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DnsForwarder.class);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int MOST_OF_ONE = 32;
    private static final int LARGEST = 65_535;

    private final List<InetSocketAddress> upstreams;
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final DnsRoom room = new DnsRoom(MOST_OF_ONE);

    private DnsForwarder(List<InetSocketAddress> upstreams, DatagramSocket udp, ServerSocket tcp) {
        this.upstreams = upstreams;
        this.udp = udp;
        this.tcp = tcp;
    }

    /**
     * Listens at an address of this machine.
     *
     * @param upstreams asked in this order, each when the one before is silent
     */
    static DnsForwarder open(InetSocketAddress here, List<InetSocketAddress> upstreams) throws IOException {
        DatagramSocket udp = new DatagramSocket(here);
        try {
            ServerSocket tcp = new ServerSocket();
            tcp.setReuseAddress(true);
            tcp.bind(here);
            DnsForwarder forwarder = new DnsForwarder(List.copyOf(upstreams), udp, tcp);
            // Virtual threads: the JDK's sockets do not pin them.
            Thread.ofVirtual().name("dns-udp").start(forwarder::serveUdp);
            Thread.ofVirtual().name("dns-tcp").start(forwarder::serveTcp);
            return forwarder;
        } catch (IOException | RuntimeException e) {
            udp.close();
            throw e;
        }
    }

    /** The DNS port of addresses given as texts. */
    static List<InetSocketAddress> servers(List<String> addresses) throws IOException {
        InetSocketAddress[] servers = new InetSocketAddress[addresses.size()];
        for (int i = 0; i < servers.length; i++) {
            servers[i] = new InetSocketAddress(InetAddress.getByName(addresses.get(i)), 53);
        }
        return List.of(servers);
    }

    private void serveUdp() {
        byte[] buffer = new byte[LARGEST];
        while (!udp.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
            } catch (IOException e) {
                noteUnlessClosed(e);
                continue;
            }
            byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
            InetSocketAddress asker = (InetSocketAddress) packet.getSocketAddress();
            inBackground(asker.getAddress(), () -> {
                byte[] answer = ask(question);
                udp.send(new DatagramPacket(answer, answer.length, asker));
            });
        }
    }

    private byte[] ask(byte[] question) throws IOException {
        IOException failure = new IOException("there is nobody to ask");
        for (InetSocketAddress upstream : upstreams) {
            try (DatagramSocket socket = new DatagramSocket()) {
                // Connected, so that only this server's answer is taken.
                socket.connect(upstream);
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.send(new DatagramPacket(question, question.length));
                DatagramPacket answer = new DatagramPacket(new byte[LARGEST], LARGEST);
                socket.receive(answer);
                return Arrays.copyOf(answer.getData(), answer.getLength());
            } catch (IOException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket asker = tcp.accept();
                if (!inBackground(asker.getInetAddress(), () -> relay(asker))) {
                    asker.close();
                }
            } catch (IOException e) {
                noteUnlessClosed(e);
            }
        }
    }

    private void relay(Socket connection) throws IOException {
        try (Socket asker = connection;
                Socket upstream = new Socket()) {
            asker.setSoTimeout((int) PATIENCE.toMillis());
            upstream.setSoTimeout((int) PATIENCE.toMillis());
            upstream.connect(upstreams.getFirst(), (int) PATIENCE.toMillis());
            pass(asker, upstream);
            pass(upstream, asker);
        }
    }

    private static void pass(Socket from, Socket to) throws IOException {
        DataInputStream in = new DataInputStream(from.getInputStream());
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        DataOutputStream out = new DataOutputStream(to.getOutputStream());
        out.writeShort(message.length);
        out.write(message);
        out.flush();
    }

    private interface Task {
        void run() throws IOException;
    }

    private boolean inBackground(InetAddress asker, Task task) {
        if (!room.enter(asker)) {
            return false;
        }
        Thread.ofVirtual().name("dns").start(() -> {
            try {
                task.run();
            } catch (EOFException e) {
                log.trace("A sandbox asked by TCP and left", e);
            } catch (IOException e) {
                log.debug("A question of a sandbox has no answer", e);
            } finally {
                room.leave(asker);
            }
        });
        return true;
    }

    private void noteUnlessClosed(IOException failure) {
        if (!udp.isClosed()) {
            log.debug("The forwarder of DNS could not receive", failure);
        }
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}

package io.contree.sandbox.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolversTest {
    private static final String GATEWAY = "10.201.0.1";

    @TempDir
    Path directory;

    @Test
    void readsAddressesAndNothingElse() throws IOException {
        Path file = Files.writeString(directory.resolve("resolv.conf"), """
                # nameserver 1.1.1.1
                search corp.example
                  nameserver\t10.0.0.53 # ours
                nameserver nonsense
                nameserver 1.2.3.4/8
                nameserver fe80::1%eth0
                nameserver
                """);

        assertThat(Resolvers.nameservers(file)).containsExactly("10.0.0.53", "fe80::1%eth0");
        assertThat(Resolvers.nameservers(directory.resolve("none"))).isEmpty();
    }

    @Test
    void whatSandboxesCannotReachIsSeenAtTheGateway() {
        Resolvers resolvers = new Resolvers(List.of("127.0.0.1", "::1", "10.0.0.53"));

        assertThat(resolvers.seenFromInside(GATEWAY)).containsExactly(GATEWAY, "10.0.0.53");
        assertThat(resolvers.local()).containsExactly("127.0.0.1", "::1");
        assertThat(resolvers.direct()).containsExactly(Cidr.parse("10.0.0.53"));
    }

    @Test
    void whoAnswersBehindALoopbackResolverIsAskedDirectly() {
        List<String> stub = List.of("127.0.0.53");
        List<String> behind = List.of("192.168.1.1");

        assertThat(Resolvers.machines(stub, behind).servers()).isEqualTo(behind);
        assertThat(Resolvers.machines(stub, List.of()).servers()).isEqualTo(stub);
        assertThat(Resolvers.machines(List.of("9.9.9.9"), behind).servers()).containsExactly("9.9.9.9");
    }

    @Test
    void threeAreAsManyAsTheCLibraryAsks() {
        assertThat(new Resolvers(List.of("1.0.0.1", "1.0.0.2", "1.0.0.3", "1.0.0.4")).servers())
                .hasSize(3);
    }
}

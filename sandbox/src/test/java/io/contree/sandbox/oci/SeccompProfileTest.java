package io.contree.sandbox.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The rules that look at an argument, for every value of its lower half and whatever the upper half is. */
class SeccompProfileTest {
    private static final long[] UPPER_HALVES = {0, 1L << 32, 0x7fffffffL << 32, 0xffffffffL << 32};
    private static final Set<Integer> REFUSED_FAMILIES = Set.of(38, 40);
    private static final int EPERM = 1;
    private static final int ENOSYS = 38;
    private static final int ALLOWED = 0;

    private static List<JsonNode> rules(String architecture) {
        List<JsonNode> rules = new ArrayList<>();
        SeccompProfile.forArchitecture(architecture).get("syscalls").forEach(rules::add);
        return rules;
    }

    /** What becomes of a call by its first argument: 0 or an errno; all rules that match must agree. */
    private static int outcome(String architecture, String call, long argument) {
        Set<Integer> outcomes = new TreeSet<>();
        for (JsonNode rule : rules(architecture)) {
            if (names(rule).contains(call) && matches(rule, argument)) {
                boolean allows = rule.get("action").asString().equals("SCMP_ACT_ALLOW");
                outcomes.add(allows ? ALLOWED : rule.get("errnoRet").asInt());
            }
        }
        assertThat(outcomes).as("%s(%#x)", call, argument).hasSizeLessThanOrEqualTo(1);
        return outcomes.isEmpty() ? ENOSYS : outcomes.iterator().next();
    }

    private static boolean matches(JsonNode rule, long argument) {
        if (!rule.has("args")) {
            return true;
        }
        JsonNode comparison = rule.at("/args/0");
        return (argument & comparison.get("value").asLong())
                == comparison.get("valueTwo").asLong();
    }

    private static List<String> names(JsonNode rule) {
        List<String> names = new ArrayList<>();
        rule.get("names").forEach(name -> names.add(name.asString()));
        return names;
    }

    @Test
    void compareTheLowerHalfOnly() {
        for (String architecture : List.of("amd64", "aarch64")) {
            List<JsonNode> comparing = rules(architecture).stream()
                    .filter(rule -> rule.has("args"))
                    .toList();
            assertThat(comparing).hasSizeGreaterThan(20).allSatisfy(rule -> {
                assertThat(rule.get("args").size()).isEqualTo(1);
                assertThat(rule.at("/args/0/op").asString()).isEqualTo("SCMP_CMP_MASKED_EQ");
                assertThat(rule.at("/args/0/value").asLong()).isBetween(1L, 0xffffffffL);
                assertThat(rule.at("/args/0/valueTwo").asLong()).isBetween(0L, 0xffffffffL);
            });
        }
    }

    @Test
    void refuseTwoFamiliesOfSocketsAndNoOtherThatThereIs() {
        for (String call : List.of("socket", "socketpair")) {
            for (long upper : UPPER_HALVES) {
                for (int family = 0; family < 64; family++) {
                    assertThat(outcome("amd64", call, upper | family))
                            .as("%s(%d) with %#x above", call, family, upper)
                            .isEqualTo(REFUSED_FAMILIES.contains(family) ? EPERM : ALLOWED);
                }
                assertThat(outcome("amd64", call, upper | 0x80000028L)).isEqualTo(ENOSYS);
            }
        }
    }

    @Test
    void refuseEveryNamespaceToClone() {
        for (long upper : UPPER_HALVES) {
            // NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
            for (int bit : List.of(17, 25, 26, 27, 28, 29, 30)) {
                assertThat(outcome("amd64", "clone", upper | 1L << bit | 17)).isEqualTo(EPERM);
            }
            // As vfork and as pthread_create call it.
            assertThat(outcome("amd64", "clone", upper | 0x4111)).isEqualTo(ALLOWED);
            assertThat(outcome("aarch64", "clone", upper | 0x3d0f00)).isEqualTo(ALLOWED);
        }
    }

    @Test
    void allowFivePersonalities() {
        Set<Long> allowed = Set.of(0L, 8L, 0x20000L, 0x20008L, 0xffffffffL);
        for (long upper : UPPER_HALVES) {
            for (long value : List.of(0L, 8L, 0x20000L, 0x20008L, 0xffffffffL, 1L, 0x40000L, 0x80000000L, 0x20009L)) {
                assertThat(outcome("amd64", "personality", upper | value))
                        .isEqualTo(allowed.contains(value) ? ALLOWED : ENOSYS);
            }
        }
    }

    @Test
    void knowNoCallThatHidesItsArguments() {
        assertThat(outcome("amd64", "socketcall", 1)).isEqualTo(EPERM);
        for (String call : List.of("io_uring_setup", "io_uring_enter", "pidfd_getfd", "clone3")) {
            assertThat(outcome("amd64", call, 0)).isIn(EPERM, ENOSYS);
        }
    }
}

package io.contree.sandbox.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CpuSetsTest {
    private static CpuSet take(CpuSets sets, double cpus) {
        return sets.take(cpus).orElseThrow();
    }

    @Test
    void givesAsManyCoresAsALimitNeeds() {
        CpuSets sets = new CpuSets(List.of(0, 1, 2, 3));
        assertThat(take(sets, 0.25).cores()).hasSize(1);
        assertThat(take(sets, 1).cores()).hasSize(1);
        assertThat(take(sets, 1.5).cores()).hasSize(2);
        assertThat(take(sets, 3).cores()).hasSize(3).isSorted();
    }

    @Test
    void leavesThemAllToWhoMayUseThem() {
        CpuSets sets = new CpuSets(List.of(0, 1));
        assertThat(sets.take(2)).isEmpty();
        assertThat(sets.take(1.5)).isEmpty();
        assertThat(sets.take(1e9)).isEmpty();
        assertThat(new CpuSets(List.of()).take(1)).isEmpty();
    }

    @Test
    void spreadsThemOverTheCores() {
        CpuSets sets = new CpuSets(List.of(2, 4, 6));
        List<Integer> first = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            first.addAll(take(sets, 1).cores());
        }
        assertThat(first).containsExactlyInAnyOrder(2, 2, 4, 4, 6, 6);
    }

    @Test
    void takesTheCoresThatCarryLeast() {
        CpuSets sets = new CpuSets(List.of(0, 1, 2));
        CpuSet busy = take(sets, 1);
        CpuSet idle = take(sets, 1);
        take(sets, 1);
        idle.close();
        idle.close();
        assertThat(take(sets, 0.5).cores()).isEqualTo(idle.cores());
        busy.close();
        assertThat(take(sets, 0.5).cores()).isEqualTo(busy.cores());
    }

    @Test
    void oneAfterTheOtherTakesAnotherCore() {
        CpuSets sets = new CpuSets(List.of(0, 1, 2));
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            try (CpuSet one = take(sets, 1)) {
                used.addAll(one.cores());
            }
        }
        assertThat(used).hasSize(3);
    }

    @Test
    void writesAndReadsListsAsTheKernelDoes() {
        assertThat(take(new CpuSets(List.of(8, 3, 5)), 2).text()).isEqualTo("3,8");
        assertThat(Cgroups.numbers("0-3,8\n")).containsExactly(0, 1, 2, 3, 8);
        assertThat(Cgroups.numbers("\n")).isEmpty();
    }
}

package io.contree.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Who may know whom, as ARCHITECTURE.md says; each rule with its reason. */
class ArchitectureTest {
    private static final List<String> MODULES = List.of(
            "api",
            "sdk",
            "linux",
            "init",
            "store",
            "sandbox",
            "engine",
            "catalog",
            "server",
            "embedded",
            "junit",
            "cli");

    private static JavaClasses contree;

    @BeforeAll
    static void read() {
        contree = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.contree");
    }

    private record Module(String name, String reason, List<String> mayKnow) {}

    private static Module module(String name, String reason, String... mayKnow) {
        return new Module(name, reason, Arrays.asList(mayKnow));
    }

    @TestFactory
    List<DynamicTest> everyModuleKnowsOnlyWhatItMay() {
        List<Module> modules = List.of(
                module("api", "the wire is what everybody agrees on, so it depends on nobody's insides"),
                module("sdk", "the client is for other people's programs: the wire is all it needs", "api"),
                module("linux", "system calls know nothing of what they are used for"),
                module("init", "the program inside of sandboxes is not Java's business"),
                module(
                        "store",
                        "filesystem state is kept without knowing who runs on it: it never knows sandbox",
                        "linux"),
                module("sandbox", "sandboxes get a path and nothing else: they never know store", "linux", "init"),
                module(
                        "engine",
                        "store and sandbox meet here, over a directory path; SQL and HTTP are behind interfaces",
                        "api",
                        "store",
                        "sandbox",
                        "linux"),
                module(
                        "catalog",
                        "SQL implements the interfaces that store and engine own, and knows nothing of what runs",
                        "store",
                        "engine",
                        "linux",
                        "api"),
                module(
                        "server",
                        "the composition root knows everything that it composes",
                        "api",
                        "engine",
                        "catalog",
                        "store",
                        "sandbox",
                        "linux"),
                module(
                        "embedded",
                        "a server and a client of it in one JVM: it starts the one and hands out the other",
                        "api",
                        "sdk",
                        "server",
                        "linux"),
                module(
                        "junit",
                        "tests are a program like any other: they see the client, wherever its server runs",
                        "sdk",
                        "embedded"),
                module(
                        "cli",
                        "commands talk to a server as everybody does; server starts it, doctor asks the kernel, store packs"
                                + " what is sent",
                        "api",
                        "sdk",
                        "server",
                        "store",
                        "linux"));
        return modules.stream()
                .map(module -> DynamicTest.dynamicTest(
                        module.name(), () -> rule(module).check(contree)))
                .toList();
    }

    @Test
    void onlyLinuxHasForeignFunctions() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.contree.linux..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup|FunctionDescriptor).*")
                .because("a wrong call of the system crashes the JVM: all of them are in one place")
                .check(contree);
    }

    @Test
    void onlyServerKnowsHelidon() {
        only("server", "io.helidon..", "the HTTP server can be exchanged without touching anything else")
                .check(contree);
    }

    @Test
    void onlyCatalogKnowsSql() {
        for (String library :
                new String[] {"org.jdbi..", "org.sqlite..", "com.zaxxer..", "org.flywaydb..", "java.sql.."}) {
            only("catalog", library, "a second database is another implementation of the catalog and nothing more")
                    .check(contree);
        }
    }

    @Test
    void onlyCliKnowsPicocli() {
        only("cli", "picocli..", "options are the business of the command line").check(contree);
    }

    @Test
    void onlyMainEndsTheJvm() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.contree.cli.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .because("whoever ends the JVM skips everybody else's cleaning up")
                .check(contree);
    }

    @Test
    void noPackageIsADrawerForEverything() {
        classes()
                .should()
                .resideOutsideOfPackages(
                        "..util..", "..utils..", "..common..", "..manager..", "..helper..", "..helpers..")
                .because("a package is named by the concept that it holds")
                .check(contree);
    }

    @Test
    void nobodyPrintsButTheTerminal() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.contree.testkit") // which has programs of its own
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("output goes through the Terminal, and everything else is logging")
                .check(contree);
    }

    private static ArchRule rule(Module module) {
        List<String> others = new ArrayList<>(MODULES);
        others.remove(module.name());
        others.removeAll(module.mayKnow());
        return noClasses()
                .that()
                .resideInAPackage("io.contree." + module.name() + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others.stream()
                        .map(other -> "io.contree." + other + "..")
                        .toArray(String[]::new))
                .because(module.reason())
                .allowEmptyShould(true);
    }

    private static ArchRule only(String module, String library, String reason) {
        return noClasses()
                .that()
                .resideInAPackage("io.contree..")
                .and()
                .resideOutsideOfPackages("io.contree." + module + "..", "io.contree.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .because(reason);
    }
}

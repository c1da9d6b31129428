package io.contree.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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

    /** Beside the root package of a module, what other modules may see of it, and why; all else is internal. */
    private static final Map<String, String> API = Map.ofEntries(
            entry("io.contree.sdk.async", "the client for those who compose futures"),
            entry("io.contree.sdk.fanout", "one step on many branches"),
            entry("io.contree.sdk.nio", "images as a file system of the JDK"),
            entry("io.contree.sdk.process", "processes of a run, in the manner of the JDK's"),
            entry("io.contree.sdk.session", "the image that moves forward with each run"),
            entry("io.contree.store.archive", "cli packs what it sends as the store reads it"),
            entry("io.contree.engine.log", "server says where event logs are, which backups copy"),
            entry("io.contree.store.backup", "server makes and restores backups, catalog says what they must have"),
            entry("io.contree.engine.check", "the engine's part of a check of all data, which server composes"),
            entry("io.contree.store.check", "what a check of all data finds, which server composes"),
            entry(
                    "io.contree.store.disk",
                    "the data directory, which server opens, catalog lives in, and doctor looks at"),
            entry("io.contree.store.grep", "what a search asks and finds"),
            entry("io.contree.store.patch", "what differs, as git takes it"),
            entry("io.contree.engine.cache", "runs that answer for equal ones: the records that catalog has"),
            entry("io.contree.engine.history", "the lineage of images, which catalog keeps and server is asked for"),
            entry("io.contree.engine.retention", "what projects keep: the setting, and the records that catalog has"),
            entry("io.contree.sandbox.egress", "whom runs may reach, which settings say and events tell"),
            entry("io.contree.server.config", "the settings that whoever starts a server gives it"));

    /** Types of internal packages that the composition root opens, to pass them on by their interfaces in the API. */
    private static final Set<String> OPENED_BY_SERVER = Set.of(
            "io.contree.store.overlay.OverlayStore",
            "io.contree.sandbox.oci.OciSandboxes",
            "io.contree.engine.local.LocalEngine");

    /** The fluent circles of the client: an image starts a session or a process, and both give images. */
    private static final Set<String> FLUENT = Set.of(
            "io.contree.sdk",
            "io.contree.sdk.async",
            "io.contree.sdk.nio",
            "io.contree.sdk.process",
            "io.contree.sdk.session");

    /** Packages with more than 25 types; their package-info says the same at greater length. */
    private static final Map<String, String> LARGE = Map.of(
            "io.contree.api", "the wire is one vocabulary",
            "io.contree.linux", "one type per kind of call, which all build on the same few",
            "io.contree.sdk", "what a program names, with an exception for each kind of failure");

    private static JavaClasses contree;

    @BeforeAll
    static void read() {
        contree = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(ArchitectureTest::hasSource)
                .importPackages("io.contree");
    }

    /** False for what an earlier build left of a class that has moved since. */
    private static boolean hasSource(Location location) {
        String file = location.asURI().getPath();
        return file == null
                || !file.contains("/target/classes/")
                || Files.exists(Path.of(
                        file.replace("/target/classes/", "/src/main/java/").replaceAll("(\\$.*)?\\.class$", ".java")));
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
                module("init", "the program inside sandboxes is not Java's business"),
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
        only("store", "org.eclipse.jgit..", "git's formats are the business of the store")
                .check(contree);
        only("cli", "picocli..", "options are the business of the command line").check(contree);
    }

    @Test
    void onlyMainEndsTheJvm() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.contree.cli.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .because("whoever ends the JVM skips everybody else's clean-up")
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

    @TestFactory
    List<DynamicTest> otherModulesSeeTheApiOnly() {
        return MODULES.stream()
                .map(module -> DynamicTest.dynamicTest(
                        module,
                        () -> noClasses()
                                .that()
                                .resideOutsideOfPackage("io.contree." + module + "..")
                                .should()
                                .dependOnClassesThat(internal(module))
                                .because(
                                        "a module is known by what it offers: its root package, and those that API lists")
                                .check(contree)))
                .toList();
    }

    private static DescribedPredicate<JavaClass> internal(String module) {
        String root = "io.contree." + module;
        return DescribedPredicate.describe(
                "are internal to " + module,
                known -> known.getPackageName().startsWith(root + ".")
                        && !API.containsKey(known.getPackageName())
                        && !OPENED_BY_SERVER.contains(known.getName()));
    }

    @Test
    void onlyServerOpensWhatIsInternal() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.contree.server", "io.contree.store..", "io.contree.sandbox..", "io.contree.engine..")
                .should()
                .dependOnClassesThat(DescribedPredicate.describe(
                        "are opened by the composition root", known -> OPENED_BY_SERVER.contains(known.getName())))
                .because("parts are put together in one place")
                .check(contree);
    }

    @Test
    void packagesStandOnEachOther() {
        SlicesRuleDefinition.slices()
                .assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass known) {
                        String name = known.getPackageName();
                        return SliceIdentifier.of(FLUENT.contains(name) ? "io.contree.sdk" : name);
                    }

                    @Override
                    public String getDescription() {
                        return "packages, with the client's fluent ones as one";
                    }
                })
                .should()
                .beFreeOfCycles()
                .because("packages in a circle can only be read, or changed, together")
                .check(contree);
    }

    @Test
    void packagesAreSmall() {
        Map<String, Long> sizes = contree.stream()
                .filter(known ->
                        known.isTopLevelClass() && !known.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        sizes.values().removeIf(size -> size <= 25);

        assertThat(sizes.keySet())
                .as("with more than 25 types a package is several, unless LARGE and its package-info say why not")
                .isEqualTo(LARGE.keySet());
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

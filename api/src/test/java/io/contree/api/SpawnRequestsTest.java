package io.contree.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.SpawnRequest.FileSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpawnRequestsTest {
    private static final String UUID = "01234567-89ab-8cde-8f01-23456789abcd";

    private static SpawnRequest parse(String json) {
        return Json.read(json.getBytes(UTF_8), SpawnRequest.class);
    }

    /** A minimal request with more fields, in single quotes. */
    private static SpawnRequest with(String more) {
        return parse(("{'command':'true','image':'tag:busybox:latest'" + (more.isEmpty() ? "" : "," + more) + "}")
                .replace('\'', '"'));
    }

    @Test
    void absentFieldsGetTheirDefaults() {
        SpawnRequest request = with("");

        assertThat(request.command()).isEqualTo("true");
        assertThat(request.image()).isEqualTo("tag:busybox:latest");
        assertThat(request.args()).isEmpty();
        assertThat(request.shell()).isFalse();
        assertThat(request.env()).isEmpty();
        assertThat(request.cwd()).isEmpty();
        assertThat(request.hostname()).isEqualTo("linuxkit");
        assertThat(request.stdin()).isEqualTo(Stdin.EMPTY);
        assertThat(request.files()).isEmpty();
        assertThat(request.timeout()).isEqualTo(60);
        assertThat(request.truncateOutputAt()).isEqualTo(1_048_576);
        assertThat(request.disposable()).isFalse();
        assertThat(request.resourcesLimits().maxLayerBytes()).isEqualTo(12_884_901_888L);
        assertThat(request.networking()).isEmpty();
        assertThat(request.runtime()).isEmpty();
    }

    @Test
    void everyNullIsLikeAbsent() {
        SpawnRequest nulls = with(
                "'args':null,'shell':null,'env':null,'preserve_env':null,'preserve_cwd':null,'cwd':null,"
                        + "'uid':null,'gid':null,'hostname':null,'stdin':null,'files':null,'timeout':null,"
                        + "'truncate_output_at':null,'disposable':null,'resources_limits':null,'networking':null,'runtime':null,'result':null");

        assertThat(nulls).isEqualTo(with(""));
    }

    @Test
    void thePayloadOfTheOldSdkIsTaken() {
        SpawnRequest request = with("'args':[],'shell':true,'env':{},'cwd':'','hostname':'hostname',"
                + "'stdin':{'value':'ä','encoding':'ascii','truncated':false},'timeout':600,'disposable':false,"
                + "'truncate_output_at':65535,'preserve_env':false,"
                + "'files':{'bin/app':{'uuid':'" + UUID + "','mode':'0100','uid':0,'gid':0}}");

        assertThat(request.hostname()).isEqualTo("hostname");
        assertThat(request.stdin().bytes()).isEqualTo("ä".getBytes(UTF_8));
        assertThat(request.files()).isEqualTo(Map.of("/bin/app", new FileSpec(UUID, 0100, 0, 0)));
        assertThat(request.truncateOutputAt()).isEqualTo(65_535);
    }

    @Test
    void theWholeModelOfTheMcpServerIsTaken() {
        SpawnRequest request =
                with("'args':[],'shell':true,'env':{'A':'1','B':null},'cwd':'/root','hostname':'linuxkit',"
                        + "'stdin':{'value':'','encoding':'ascii','truncated':false},'timeout':30,'disposable':true,"
                        + "'truncate_output_at':8000,'result':null,'unknown':{'a':[1]},"
                        + "'files':{'/a':{'uuid':'" + UUID + "','mode':'0o100755','uid':0,'gid':0}}");

        assertThat(request.env()).isEqualTo(Map.of("A", "1", "B", ""));
        assertThat(request.stdin()).isEqualTo(Stdin.EMPTY);
        assertThat(request.files().get("/a").mode()).isEqualTo(0755);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {
                "'0644', 0644",
                "'644', 0644",
                "'0o644', 0644",
                "'0o100644', 0644",
                "'0100644', 0644",
                "'4755', 4755",
                "'0', 0",
                "420, 0644",
                "33188, 0644",
                "null, 0644"
            })
    void modesInEveryForm(String given, String octal) {
        SpawnRequest request = with("'files':{'/a':{'uuid':'" + UUID + "','mode':" + given + "}}");

        assertThat(request.files().get("/a").mode()).isEqualTo(Integer.parseInt(octal, 8));
    }

    @Test
    void hugeLimitsAreCappedNotRefused() {
        SpawnRequest request = with("'timeout':99999999999999999999,'truncate_output_at':1e12");

        assertThat(request.timeout()).isEqualTo(Integer.MAX_VALUE);
        assertThat(request.truncateOutputAt()).isEqualTo(10 << 20);
        assertThat(with("'timeout':30.0").timeout()).isEqualTo(30);
    }

    @Test
    void destinationsBecomeAbsoluteAndPlain() {
        String file = "{'uuid':'" + UUID + "'}";

        assertThat(with("'files':{'a//b/./c':" + file + ",'~/x':" + file + ",'/ä':" + file + "}")
                        .files())
                .containsOnlyKeys("/a/b/c", "/~/x", "/ä");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/", ".", "a/", "../x", "/a/../b", "a/..", "a\\u0000b", "//", "a/.", "proc/x", "/dev/shm/x"})
    void hostileDestinationsAreRefused(String path) {
        assertThatThrownBy(() -> with("'files':{'" + path + "':{'uuid':'" + UUID + "'}}"))
                .isInstanceOf(ContreeException.class)
                .hasMessageStartingWith("field 'files'");
    }

    @Test
    void twoNamesOfOneDestinationAreRefused() {
        assertThatThrownBy(() -> with("'files':{'/a':{'uuid':'" + UUID + "'},'a':{'uuid':'" + UUID + "'}}"))
                .hasMessage("field 'files' is naming '/a' twice; allowed is one file per path");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'timeout':0|field 'timeout' is 0; allowed is a whole number from 1 on",
                "'timeout':1.5|field 'timeout' is 1.5; allowed is a whole number from 1 on",
                "'timeout':'9'|field 'timeout' is \"9\"; allowed is a whole number from 1 on",
                "'truncate_output_at':-1|field 'truncate_output_at' is -1; allowed is a whole number from 0 on",
                "'uid':-1|field 'uid' is -1; allowed is a whole number from 0 to 2147483647",
                "'uid':4294967296|field 'uid' is 4294967296; allowed is a whole number from 0 to 2147483647",
                "'shell':'yes'|field 'shell' is \"yes\"; allowed is true or false",
                "'args':'x'|field 'args' is \"x\"; allowed is a list of strings",
                "'args':['a',1]|field 'args[1]' is 1; allowed is a string without NUL or lone surrogates",
                "'cwd':'tmp'|field 'cwd' is \"tmp\"; allowed is an absolute path",
                "'env':[]|field 'env' is a list; allowed is an object",
                "'env':{'A=B':''}|field 'env.A=B' is named so; allowed is a name without",
                "'env':{'A':12345}|field 'env.A' is of another type; allowed is a string",
                "'hostname':'a b'|field 'hostname' is \"a b\"; allowed is",
                "'stdin':'x'|field 'stdin' is \"x\"; allowed is an object",
                "'stdin':{'value':'%','encoding':'base64'}|field 'stdin.value' is not Base64",
                "'stdin':{'value':'x','encoding':'utf-8'}|field 'stdin.encoding' is \"utf-8\"; allowed is \"ascii\"",
                "'files':{'/a':{}}|field 'files./a.uuid' is missing; give the UUID",
                "'files':{'/a':{'uuid':'1-1-1-1-1'}}|field 'files./a.uuid' is \"1-1-1-1-1\"; allowed is the UUID",
                "'resources_limits':{'max_layer_bytes':0}|field 'resources_limits.max_layer_bytes' is 0; allowed is",
                "'networking':true|field 'networking' is true; allowed is an object",
                "'runtime':{}|field 'runtime' is an object; allowed is a string"
            })
    void messagesNameTheFieldTheValueAndWhatIsAllowed(String more, String message) {
        assertThatThrownBy(() -> with(more))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'command':'\\ud800'",
                "'args':['a\\udfff']",
                "'cwd':'/\\ud800x'",
                "'env':{'A':'\\udc00\\ud800'}",
                "'env':{'\\ud800':''}",
                "'stdin':{'value':'\\ud800'}",
                "'files':{'/\\ud800':{'uuid':'" + UUID + "'}}"
            })
    void halfACharacterIsRefused(String more) {
        assertThatThrownBy(() -> with(more))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        with(more.replaceAll("(\\\\u[0-9a-f]{4})+", "\\\\ud83d\\\\ude00"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"99", "0o9", "rwx", "-1", "0o7777777", ""})
    void malformedModesAreRefused(String mode) {
        assertThatThrownBy(() -> with("'files':{'/a':{'uuid':'" + UUID + "','mode':'" + mode + "'}}"))
                .hasMessageStartingWith("field 'files./a.mode' is \"" + mode + "\"; allowed is octal permission bits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"busybox", "tag:", "tag:-x", "tag:a:", "01234567", "../x", "tag:a b"})
    void malformedImagesAreRefused(String image) {
        assertThatThrownBy(() -> parse("{\"command\":\"true\",\"image\":\"" + image + "\"}"))
                .isInstanceOf(ContreeException.class)
                .hasMessageContaining("allowed is a UUID or tag:NAME");
    }

    @Test
    void commandAndImageAreRequired() {
        assertThatThrownBy(() -> parse("{\"image\":\"" + UUID + "\"}"))
                .hasMessageContaining("field 'command' is missing");
        assertThatThrownBy(() -> parse("{\"command\":\"\",\"image\":\"" + UUID + "\"}"))
                .hasMessageContaining("field 'command' is \"\"");
        assertThatThrownBy(() -> parse("{\"command\":\"x\"}")).hasMessageContaining("field 'image' is missing");
    }

    @Test
    void anUpperCaseUuidIsTheSameImage() {
        assertThat(parse("{\"command\":\"x\",\"image\":\"" + UUID.toUpperCase(java.util.Locale.ROOT) + "\"}")
                        .image())
                .isEqualTo(UUID);
    }

    @Test
    void whatIsWrittenReadsBackEqual() {
        SpawnRequest request = with("'args':['a'],'shell':true,'env':{'A':'1'},'preserve_env':true,'preserve_cwd':true,"
                + "'cwd':'/x','uid':1,'gid':2,'hostname':'h','stdin':{'value':'AA==','encoding':'base64','close':false},"
                + "'timeout':5,'truncate_output_at':7,'disposable':true,'networking':{},'runtime':'crun',"
                + "'resources_limits':{'max_layer_bytes':9},'files':{'/a':{'uuid':'" + UUID + "','mode':'4711'}}");

        assertThat(Json.read(Json.bytes(request), SpawnRequest.class)).isEqualTo(request);
        assertThat(Json.text(request))
                .contains("\"mode\":\"4711\"")
                .contains("\"stdin\":{\"value\":\"AA==\",\"encoding\":\"base64\",\"close\":false,\"truncated\":false}");
        assertThat(request.args()).isEqualTo(List.of("a"));
    }

    @Test
    void whatTheServerDecidesIsLeftOutUnlessAsked() {
        assertThat(Json.text(with("")))
                .doesNotContain("networking")
                .doesNotContain("runtime")
                .doesNotContain("null");
    }
}

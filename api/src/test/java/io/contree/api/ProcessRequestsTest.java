package io.contree.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessRequestsTest {
    private static <T> T read(String json, Class<T> type) {
        return Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), type);
    }

    @Test
    void onlyTheCommandIsNeeded() {
        ProcessRequest request = read("{'command':'ls'}", ProcessRequest.class);

        assertThat(request.args()).isEmpty();
        assertThat(request.shell()).isFalse();
        assertThat(request.env()).isEmpty();
        assertThat(request.cwd()).isEmpty();
        assertThat(request.stdin()).isEqualTo(Stdin.EMPTY);
        assertThat(request.truncateOutputAt()).isEqualTo(1 << 20);
    }

    @Test
    void everythingIsRead() {
        ProcessRequest request = read(
                "{'command':'a','args':['b'],'shell':true,'env':{'K':'v','GONE':null},'cwd':'/w','uid':1,'gid':2,"
                        + "'stdin':{'value':'eA==','encoding':'base64','close':false},'truncate_output_at':99999999,"
                        + "'image':'ignored','timeout':null}",
                ProcessRequest.class);

        assertThat(request.args()).isEqualTo(List.of("b"));
        assertThat(request.shell()).isTrue();
        assertThat(request.env()).isEqualTo(Map.of("K", "v", "GONE", ""));
        assertThat(request.cwd()).isEqualTo("/w");
        assertThat(List.of(request.uid(), request.gid())).containsExactly(1, 2);
        assertThat(request.stdin().bytes()).isEqualTo(new byte[] {'x'});
        assertThat(request.stdin().close()).isFalse();
        assertThat(request.truncateOutputAt()).isEqualTo(10 << 20);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', 0, 0",
        "\"uid\":1000, 1000, 1000, 0",
        "'\"uid\":1000,\"gid\":null', 1000, 1000, 0",
        "'\"uid\":1000,\"gid\":0', '', 1000, 0",
        "\"gid\":5, '', 0, 5",
        "\"user\":null, '', 0, 0",
        "\"user\":\"\", '', 0, 0",
        "\"user\":\"www-data\", www-data, 0, 0",
        "\"user\":\"7:8\", 7:8, 7, 8",
        "\"user\":\"www-data:8\", www-data:8, 0, 8",
        "\"user\":\":8\", :8, 0, 8",
        "'\"user\":\"7\",\"uid\":7,\"gid\":0', 7, 7, 0",
        "'\"user\":\"dev\",\"uid\":0,\"gid\":0', dev, 0, 0",
    })
    void theUserIsANameOrNumbers(String fields, String user, int uid, int gid) {
        ProcessRequest request =
                read("{'command':'a'" + (fields.isEmpty() ? "" : "," + fields) + "}", ProcessRequest.class);

        assertThat(request.user()).isEqualTo(user);
        assertThat(List.of(request.uid(), request.gid())).containsExactly(uid, gid);
        ProcessRequest again = Json.read(Json.bytes(request), ProcessRequest.class);
        assertThat(again).isEqualTo(request);
    }

    @Test
    void nothingIsSaidOfAUserWhereNothingWas() {
        assertThat(new String(Json.bytes(read("{'command':'a'}", ProcessRequest.class)), StandardCharsets.UTF_8))
                .doesNotContain("user");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'command':''}",
                "{'command':null}",
                "{'command':'a','cwd':'relative'}",
                "{'command':'a','uid':-1}",
                "{'command':'a','user':'a:b:c'}",
                "{'command':'a','user':':'}",
                "{'command':'a','user':'a\\n'}",
                "{'command':'a','user':'2147483648'}",
                "{'command':'a','user':'0:99999999999'}",
                "{'command':'a','user':'dev','uid':5}",
                "{'command':'a','user':'7:8','gid':9}",
                "{'command':'a','user':7}",
                "{'command':'a','env':{'a=b':''}}",
                "{'command':'a','stdin':{'value':'?','encoding':'base64'}}",
                "[]"
            })
    void whatDoesNotFitIsRefused(String json) {
        assertThatThrownBy(() -> read(json, ProcessRequest.class))
                .isInstanceOfSatisfying(
                        ContreeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void aWriteNeedsAValueAndClosesUnlessToldNotTo() {
        assertThat(read("{'value':''}", StdinWrite.class).stdin()).isEqualTo(Stdin.EMPTY);
        assertThat(read("{'value':'x','close':false}", StdinWrite.class).stdin())
                .isEqualTo(new Stdin("x", Encoding.ASCII, false));
        assertThatThrownBy(() -> read("{'close':true}", StdinWrite.class))
                .isInstanceOf(ContreeException.class)
                .hasMessageContaining("'value' is missing");
    }

    @ParameterizedTest
    @CsvSource({"15,15", "TERM,15", "SIGTERM,15", "sigint,2", "KILL,9", "9,9", "SYS,31", "64,64", "IO,29", "SIGPOLL,29"
    })
    void signalsHaveNamesAndNumbers(String text, int number) {
        assertThat(SignalNumber.parse(text)).hasValue(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65", "-1", "NOPE", "SIG", "SIG15", "99999999999", "1.5"})
    void noSuchSignal(String text) {
        assertThat(SignalNumber.parse(text)).isEmpty();
    }
}

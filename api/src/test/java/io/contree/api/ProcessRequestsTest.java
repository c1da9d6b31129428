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
    @ValueSource(
            strings = {
                "{}",
                "{'command':''}",
                "{'command':null}",
                "{'command':'a','cwd':'relative'}",
                "{'command':'a','uid':-1}",
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

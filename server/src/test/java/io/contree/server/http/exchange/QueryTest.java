package io.contree.server.http.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ContreeException;
import io.contree.api.OperationKind;
import io.contree.api.OperationStatus;
import io.contree.engine.Page;
import io.contree.linux.RawPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
    @ParameterizedTest
    @CsvSource({
        "path=/a+b, '/a b'",
        "path=/a%20b, '/a b'",
        "path=/a%2Bb, /a+b",
        "path=%2Fa%3A%2f, /a:/",
        "path=/a:b/c, /a:b/c",
        "path=a=b, a=b",
        "x=1&path=%C3%A4, ä",
        "path=1&path=2, 1",
        "path, ''"
    })
    void formStyleAndPercentForms(String query, String expected) {
        assertThat(new Query(query).text("path")).contains(expected);
    }

    @Test
    void bytesThatAreNotTextStayBytes() {
        assertThat(new Query("path=/%FF").raw("path")).contains(new RawPath("/\u00ff"));
        assertThat(new Query("path=/%C3%A4").raw("path")).contains(new RawPath("/\u00c3\u00a4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "%=1"})
    void brokenEscapesAreRefused(String query) {
        assertThatThrownBy(() -> new Query(query))
                .isInstanceOf(ContreeException.class)
                .hasMessageContaining("%25");
    }

    @ParameterizedTest
    @CsvSource({
        "f, true",
        "f=, true",
        "f=1, true",
        "f=true, true",
        "f=True, true",
        "f=0, false",
        "f=False, false",
        "g, false"
    })
    void flags(String query, boolean expected) {
        assertThat(new Query(query).flag("f")).isEqualTo(expected);
    }

    @Test
    void anotherFlagIsRefused() {
        assertThatThrownBy(() -> new Query("f=2").flag("f"))
                .hasMessage("parameter 'f' is '2'; allowed is 1, 0, or nothing, which is 1");
    }

    @Test
    void someFlagsAreSetByAnythingButZero() {
        assertThat(new Query("f&g=2&h=yes"))
                .matches(query -> query.unlessZero("f") && query.unlessZero("g") && query.unlessZero("h"))
                .matches(query -> !query.unlessZero("absent"));
        assertThat(new Query("f=0&g=False&h=None"))
                .matches(query -> !query.unlessZero("f") && !query.unlessZero("g") && !query.unlessZero("h"));
    }

    @Test
    void pages() {
        assertThat(new Query("").page()).isEqualTo(new Page(100, 0));
        assertThat(new Query("limit=1000&offset=7").page()).isEqualTo(new Page(1000, 7));
        assertThat(new Query("offset=99999999999").page()).isEqualTo(new Page(100, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=-1", "limit=x", "offset=-1", "offset=1.5"})
    void pagesOutOfRangeAreRefused(String query) {
        assertThatThrownBy(() -> new Query(query).page()).isInstanceOf(ContreeException.class);
    }

    @Test
    void constantsInAnyCase() {
        assertThat(new Query("status=EXECUTING").constant("status", OperationStatus.class, OperationStatus::name))
                .contains(OperationStatus.EXECUTING);
        assertThat(new Query("kind=image_import").constant("kind", OperationKind.class, OperationKind::wire))
                .contains(OperationKind.IMAGE_IMPORT);
        assertThatThrownBy(
                        () -> new Query("status=DONE").constant("status", OperationStatus.class, OperationStatus::name))
                .hasMessageContaining("'DONE'; allowed is one of [PENDING, ASSIGNED");
        assertThatThrownBy(() -> new Query("kind=import").constant("kind", OperationKind.class, OperationKind::wire))
                .hasMessageContaining("'import'; allowed is one of [instance, image_import]");
    }
}

package io.contree.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.contree.api.ImportRequest.Credentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportRequestsTest {
    private static ImportRequest parse(String json) {
        return Json.read(json.replace('\'', '"').getBytes(UTF_8), ImportRequest.class);
    }

    @Test
    void absentFieldsGetTheirDefaults() {
        ImportRequest request = parse("{'registry':{'url':'docker://busybox'}}");

        assertThat(request.registry().url()).isEqualTo("docker://busybox");
        assertThat(request.registry().credentials()).isEmpty();
        assertThat(request.tag()).isEmpty();
        assertThat(request.timeout()).isEqualTo(300);
        assertThat(Json.text(request)).isEqualTo("{\"registry\":{\"url\":\"docker://busybox\"},\"timeout\":300}");
    }

    @Test
    void emptyCredentialsAreNone() {
        assertThat(parse(
                                "{'registry':{'url':'x','credentials':{'username':'','password':''}},'tag':null,'timeout':null}")
                        .registry()
                        .credentials())
                .isEmpty();
        assertThat(parse("{'registry':{'url':'x','credentials':null}}")
                        .registry()
                        .credentials())
                .isEmpty();
    }

    @Test
    void credentialsAreNeverShown() {
        ImportRequest request =
                parse("{'registry':{'url':'x','credentials':{'username':'me','password':'hush'}},'tag':'a:b'}");

        assertThat(request.registry().credentials()).contains(new Credentials("me", "hush"));
        assertThat(request.toString()).contains("me").doesNotContain("hush");
        assertThatThrownBy(() -> parse("{'registry':{'url':'x','credentials':{'password':123456}}}"))
                .hasMessage(
                        "field 'registry.credentials.password' is of another type; allowed is a string without NUL or lone surrogates");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|field 'registry' is missing; give an object",
                "{'registry':'x'}|field 'registry' is \"x\"; allowed is an object",
                "{'registry':{}}|field 'registry.url' is missing; give a non-empty string",
                "{'registry':{'url':' '}}|field 'registry.url' is \" \"; allowed is a reference",
                "{'registry':{'url':'x'},'tag':'a b'}|field 'tag' is \"a b\"; allowed is a tag",
                "{'registry':{'url':'x'},'timeout':0}|field 'timeout' is 0; allowed is a whole number from 1 on"
            })
    void messagesNameTheFieldTheValueAndWhatIsAllowed(String json, String message) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(ContreeException.class)
                .hasMessageStartingWith(message);
    }
}

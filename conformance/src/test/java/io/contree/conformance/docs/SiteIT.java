package io.contree.conformance.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.contree.junit.ContreeTest;
import io.contree.sdk.Image;
import io.contree.sdk.session.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SiteFiles.class)
// docs: junit
@ContreeTest(image = "rootfs:target/docs/root", files = "target/docs/site : /srv")
class SiteIT {
    @Test
    void makesAnIndex(Session session) {
        assertEquals(0, session.shell("ls /srv > /srv/index").execute().exitCode());
        assertEquals("index\npage\n", session.readText("/srv/index"));
    }

    @Test
    void startsFromTheSameState(Image image) {
        assertFalse(image.exists("/srv/index"));
    }
}
// end

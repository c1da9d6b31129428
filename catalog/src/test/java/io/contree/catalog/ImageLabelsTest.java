package io.contree.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.contree.api.ImageRecord;
import io.contree.api.LabelRequest;
import io.contree.engine.Images;
import io.contree.engine.Images.LabelOrder;
import io.contree.engine.OperationRecord;
import io.contree.engine.Page;
import io.contree.engine.Samples;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What projects note on their images. */
class ImageLabelsTest {
    private static final int MANY = 100_000;

    @TempDir
    private Path directory;

    private SqlCatalog catalog;
    private final UUID mine = UUID.randomUUID();
    private int second;

    @BeforeEach
    void open() {
        catalog = SqlCatalog.openSqlite(directory.resolve("catalog.db"));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private UUID reached() {
        UUID image = UUID.randomUUID();
        OperationRecord run = Samples.run(mine, UUID.randomUUID(), Samples.THEN.plusSeconds(++second));
        catalog.operations().accept(run);
        catalog.operations().finish(run.uuid(), Samples.success(image, run.createdAt()));
        return image;
    }

    private int label(UUID image, String name, String value) {
        return change(image, Map.of(name, Optional.ofNullable(value)), Optional.empty());
    }

    private int change(UUID image, Map<String, Optional<String>> labels, Optional<String> note) {
        return catalog.projects()
                .label(mine, image, new LabelRequest(new TreeMap<>(labels), note), Samples.THEN)
                .orElse(-1);
    }

    private UUID scored(String score) {
        UUID image = reached();
        label(image, "score", score);
        return image;
    }

    private ImageRecord noted(UUID image) {
        return catalog.projects()
                .noted(mine, List.of(catalog.projects().image(mine, image).orElseThrow()))
                .getFirst();
    }

    private List<UUID> list(Map<String, Optional<String>> labels, Optional<LabelOrder> order) {
        return list(mine, labels, order, Page.DEFAULT);
    }

    private List<UUID> list(UUID project, Map<String, Optional<String>> labels, Optional<LabelOrder> order, Page page) {
        Images.Filter filter = new Images.Filter(
                false, false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), labels, order);
        return catalog.projects().images(project, filter, page).stream()
                .map(ImageRecord::uuid)
                .toList();
    }

    @Test
    void labelsAreKeptUntilTheyAreTakenAway() {
        UUID image = reached();
        assertThat(label(image, "score", "0.7")).isEqualTo(1);
        assertThat(change(image, Map.of("branch", Optional.of("left")), Optional.of("looks good")))
                .isEqualTo(2);
        close();
        open();
        assertThat(noted(image).labels()).isEqualTo(Map.of("score", "0.7", "branch", "left"));
        assertThat(noted(image).note()).isEqualTo("looks good");
        assertThat(label(image, "score", null)).isEqualTo(1);
        change(image, Map.of(), Optional.of(""));
        assertThat(noted(image).labels()).isEqualTo(Map.of("branch", "left"));
        assertThat(noted(image).note()).isNull();
        assertThat(label(UUID.randomUUID(), "score", "1")).isEqualTo(-1);
    }

    @Test
    void numbersAreOrderedAsNumbersAndBeforeAllOthers() {
        UUID ten = scored("10");
        UUID nine = scored("9");
        UUID negative = scored("-2.5e1");
        UUID word = scored("none");
        UUID huge = scored("1e999");
        reached();

        assertThat(list(Map.of(), Optional.of(new LabelOrder("score", false))))
                .containsExactly(negative, nine, ten, huge, word);
        assertThat(list(Map.of(), Optional.of(new LabelOrder("score", true))))
                .containsExactly(ten, nine, negative, word, huge);
        assertThat(list(Map.of(), Optional.of(new LabelOrder("other", true)))).isEmpty();
    }

    @Test
    void allLabelsThatAreAskedForMustBeThere() {
        UUID left = scored("1");
        UUID right = scored("2");
        label(left, "branch", "left");
        label(right, "branch", "right");

        assertThat(list(Map.of("branch", Optional.empty()), Optional.empty())).containsExactly(right, left);
        assertThat(list(Map.of("branch", Optional.of("left"), "score", Optional.empty()), Optional.empty()))
                .containsExactly(left);
        assertThat(list(Map.of("branch", Optional.of("left")), Optional.of(new LabelOrder("score", true))))
                .containsExactly(left);
        assertThat(list(Map.of("branch", Optional.of("none")), Optional.empty()))
                .isEmpty();
    }

    @Test
    void tooManyAreRefusedWhole() {
        UUID image = reached();
        Map<String, Optional<String>> labels = new TreeMap<>();
        for (int i = 0; i < LabelRequest.MOST; i++) {
            labels.put("l" + i, Optional.of(""));
        }
        assertThat(change(image, labels, Optional.empty())).isEqualTo(LabelRequest.MOST);
        assertThat(label(image, "more", "1")).isEqualTo(LabelRequest.MOST + 1);
        assertThat(noted(image).labels()).hasSize(LabelRequest.MOST).doesNotContainKey("more");
        assertThat(change(image, Map.of("more", Optional.of("1"), "l0", Optional.empty()), Optional.empty()))
                .isEqualTo(LabelRequest.MOST);
    }

    @Test
    void labelsGoWithTheImage() throws SQLException {
        UUID image = scored("1");
        catalog.retention().remove(mine, image, false);
        assertThat(list(Map.of(), Optional.of(new LabelOrder("score", true)))).isEmpty();
        try (Connection connection = connect();
                ResultSet rows = connection.createStatement().executeQuery("select count(*) from image_label")) {
            assertThat(rows.getInt(1)).isZero();
        }
    }

    private Connection connect() throws SQLException {
        Connection connection = Dialect.writer(directory.resolve("catalog.db")).getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    @Test
    @Tag("slow")
    void theFrontierOfManyIsReadFromAnIndex() throws SQLException {
        UUID project = UUID.randomUUID();
        try (Connection connection = connect();
                PreparedStatement image = connection.prepareStatement("insert into project_image"
                        + " (project, image, content_digest, created_at) values (?, ?, ?, ?)");
                PreparedStatement label = connection.prepareStatement("insert into image_label"
                        + " (project, image, name, value, textual, number) values (?, ?, 'score', ?, 0, ?)")) {
            for (int i = 0; i < MANY; i++) {
                String uuid = new UUID(8L << 12, i).toString();
                image.setString(1, project.toString());
                image.setString(2, uuid);
                image.setString(3, "0".repeat(64));
                image.setLong(4, i);
                image.addBatch();
                int score = (int) (i * 7919L % MANY);
                label.setString(1, project.toString());
                label.setString(2, uuid);
                label.setString(3, Integer.toString(score));
                label.setDouble(4, score);
                label.addBatch();
            }
            image.executeBatch();
            label.executeBatch();
            connection.commit();
        }
        List<UUID> frontier = list(project, Map.of(), Optional.of(new LabelOrder("score", true)), new Page(10, 0));
        assertThat(frontier).hasSize(10);
        assertThat(frontier.getFirst().getLeastSignificantBits() * 7919L % MANY).isEqualTo(MANY - 1);
    }

    @Test
    void bothOrdersAreThoseOfAnIndex() throws SQLException {
        for (boolean falling : List.of(true, false)) {
            List<String> plan = new ArrayList<>();
            try (Connection connection = connect();
                    PreparedStatement explain = connection.prepareStatement("explain query plan "
                            + ProjectImages.SELECT_BY_LABEL + " where s.project = ? and s.name = ? order by "
                            + ProjectImages.order(new LabelOrder("score", falling)) + " limit 10");
                    ResultSet rows = explain.executeQuery()) {
                while (rows.next()) {
                    plan.add(rows.getString("detail"));
                }
            }
            assertThat(plan).noneMatch(line -> line.startsWith("SCAN"));
            assertThat(plan)
                    .first()
                    .asString()
                    .contains("image_label_" + (falling ? "falling" : "rising") + " (project=? AND name=?)");
            assertThat(plan).doesNotContain("USE TEMP B-TREE FOR ORDER BY");
        }
    }
}

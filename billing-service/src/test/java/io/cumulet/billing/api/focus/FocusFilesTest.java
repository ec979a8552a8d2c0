package io.cumulet.billing.api.focus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cumulet.billing.domain.billing.RandomCharges;
import io.cumulet.billing.domain.focus.FocusColumn;
import io.cumulet.billing.domain.focus.FocusDataset;
import io.cumulet.billing.domain.focus.FocusRow;
import io.cumulet.billing.domain.focus.FocusSamples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.parquet.schema.Type.Repetition;
import org.junit.jupiter.api.Test;

class FocusFilesTest {

    /** Both files, read back by others than who wrote them, say what the dataset says, in its order. */
    @Test
    void bothFilesHaveTheRowsOfTheDataset() throws IOException {
        long seed = System.nanoTime();
        FocusDataset dataset = FocusSamples.dataset(RandomCharges.of(seed));
        List<Map<FocusColumn, String>> rows =
                dataset.rows().map(FocusFilesTest::plain).toList();

        assertThat(FocusFiles.csv(bytes(dataset, FocusFormat.CSV)))
                .as("seed %d", seed)
                .isEqualTo(rows);
        assertThat(FocusFiles.parquet(bytes(dataset, FocusFormat.PARQUET)))
                .as("seed %d", seed)
                .isEqualTo(rows);
    }

    @Test
    void aMonthWithoutChargesIsAFileWithoutRows() throws IOException {
        FocusDataset empty = new FocusDataset(
                Stream::empty, FocusSamples.dataset(RandomCharges.of(1)).reference());

        assertThat(FocusFiles.csv(bytes(empty, FocusFormat.CSV))).isEmpty();
        assertThat(FocusFiles.parquet(bytes(empty, FocusFormat.PARQUET))).isEmpty();
    }

    @Test
    void aColumnThatMayNotBeNullIsRequiredInParquet() {
        for (FocusColumn column : FocusColumn.values()) {
            assertThat(FocusParquet.schema().getType(column.id()).isRepetition(Repetition.REQUIRED))
                    .as(column.id())
                    .isEqualTo(!column.isNullable());
        }
    }

    private static byte[] bytes(FocusDataset dataset, FocusFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(dataset, out);
        return out.toByteArray();
    }

    private static Map<FocusColumn, String> plain(FocusRow row) {
        Map<FocusColumn, String> values = new EnumMap<>(FocusColumn.class);
        for (FocusColumn column : FocusColumn.values()) {
            Object value = row.get(column);
            if (value != null) {
                values.put(
                        column,
                        switch (column.type()) {
                            case STRING, DATE_TIME -> value.toString();
                            case DECIMAL -> ((BigDecimal) value).toPlainString();
                            case KEY_VALUE -> {
                                try {
                                    yield new ObjectMapper().writeValueAsString(value);
                                } catch (IOException e) {
                                    throw new IllegalStateException(e);
                                }
                            }
                        });
            }
        }
        return values;
    }
}

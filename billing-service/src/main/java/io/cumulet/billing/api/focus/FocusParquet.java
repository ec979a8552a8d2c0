package io.cumulet.billing.api.focus;

import io.cumulet.billing.domain.focus.FocusColumn;
import io.cumulet.billing.domain.focus.FocusDataset;
import io.cumulet.billing.domain.focus.FocusRow;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * A dataset as Parquet: money as decimals, times as UTC timestamps, key-value columns as JSON. At most a row group is held in
 * memory.
 */
final class FocusParquet {

    private static final FocusColumn[] COLUMNS = FocusColumn.values();
    private static final int DECIMAL_BYTES = 16;
    private static final int DECIMAL_DIGITS = 38;
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private FocusParquet() {}

    static void write(FocusDataset dataset, OutputStream out) throws IOException {
        try (ParquetWriter<FocusRow> writer = new Builder(new StreamedFile(out))
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new GzipCodec())
                .withCompressionCodec(CompressionCodecName.GZIP)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .build()) {
            Iterator<FocusRow> rows = dataset.rows().iterator();
            while (rows.hasNext()) {
                writer.write(rows.next());
            }
        }
    }

    static MessageType schema() {
        Types.MessageTypeBuilder message = Types.buildMessage();
        for (FocusColumn column : COLUMNS) {
            message.addField(type(column));
        }
        return message.named("FOCUS");
    }

    private static PrimitiveType type(FocusColumn column) {
        Repetition repetition = column.isNullable() ? Repetition.OPTIONAL : Repetition.REQUIRED;
        return switch (column.type()) {
            case STRING ->
                Types.primitive(PrimitiveTypeName.BINARY, repetition)
                        .as(LogicalTypeAnnotation.stringType())
                        .named(column.id());
            case KEY_VALUE ->
                Types.primitive(PrimitiveTypeName.BINARY, repetition)
                        .as(LogicalTypeAnnotation.jsonType())
                        .named(column.id());
            case DECIMAL ->
                Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
                        .length(DECIMAL_BYTES)
                        .as(LogicalTypeAnnotation.decimalType(FocusColumn.DECIMALS, DECIMAL_DIGITS))
                        .named(column.id());
            case DATE_TIME ->
                Types.primitive(PrimitiveTypeName.INT64, repetition)
                        .as(LogicalTypeAnnotation.timestampType(true, TimeUnit.MILLIS))
                        .named(column.id());
        };
    }

    private static final class Builder extends ParquetWriter.Builder<FocusRow, Builder> {

        Builder(OutputFile file) {
            super(file);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        @SuppressWarnings("deprecation") // Still abstract; called for a Hadoop configuration alone.
        protected WriteSupport<FocusRow> getWriteSupport(Configuration configuration) {
            return new Rows();
        }

        @Override
        protected WriteSupport<FocusRow> getWriteSupport(ParquetConfiguration configuration) {
            return new Rows();
        }
    }

    private static final class Rows extends WriteSupport<FocusRow> {

        private static final WriteContext CONTEXT = new WriteContext(schema(), Map.of("FOCUS_Version", "1.2"));

        private final Map<FocusColumn, KeyValues> keyValues = new EnumMap<>(FocusColumn.class);
        private @Nullable RecordConsumer consumer;

        @Override
        @SuppressWarnings("deprecation") // Still abstract; called for a Hadoop configuration alone.
        public WriteContext init(Configuration configuration) {
            return CONTEXT;
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return CONTEXT;
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            this.consumer = recordConsumer;
        }

        @Override
        public void write(FocusRow row) {
            RecordConsumer to = Objects.requireNonNull(consumer, "the writer prepares before it writes");
            to.startMessage();
            for (int i = 0; i < COLUMNS.length; i++) {
                Object value = row.get(COLUMNS[i]);
                if (value != null) {
                    to.startField(COLUMNS[i].id(), i);
                    write(COLUMNS[i], value, to);
                    to.endField(COLUMNS[i].id(), i);
                }
            }
            to.endMessage();
        }

        private void write(FocusColumn column, Object value, RecordConsumer to) {
            switch (column.type()) {
                case STRING -> to.addBinary(Binary.fromString((String) value));
                case DECIMAL -> to.addBinary(decimal((BigDecimal) value));
                case DATE_TIME -> to.addLong(((Instant) value).toEpochMilli());
                case KEY_VALUE ->
                    to.addBinary(Binary.fromString(keyValues
                            .computeIfAbsent(column, of -> new KeyValues())
                            .json(value)));
            }
        }

        /** Two's complement, the highest byte first. */
        private static Binary decimal(BigDecimal value) {
            BigInteger unscaled = value.setScale(FocusColumn.DECIMALS, RoundingMode.UNNECESSARY)
                    .unscaledValue();
            byte[] digits = unscaled.toByteArray();
            byte[] fixed = new byte[DECIMAL_BYTES];
            Arrays.fill(fixed, (byte) (unscaled.signum() < 0 ? -1 : 0));
            System.arraycopy(digits, 0, fixed, DECIMAL_BYTES - digits.length, digits.length);
            return Binary.fromConstantByteArray(fixed);
        }
    }
}

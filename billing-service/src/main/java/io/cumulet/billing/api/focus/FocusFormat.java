package io.cumulet.billing.api.focus;

import io.cumulet.billing.domain.focus.FocusDataset;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** The files that a dataset can be written as. */
public enum FocusFormat {
    CSV("csv", "application/gzip", "csv.gz") {
        @Override
        public void write(FocusDataset dataset, OutputStream out) throws IOException {
            FocusCsv.write(dataset, out);
        }
    },
    PARQUET("parquet", "application/vnd.apache.parquet", "parquet") {
        @Override
        public void write(FocusDataset dataset, OutputStream out) throws IOException {
            FocusParquet.write(dataset, out);
        }
    };

    private final String code;
    private final String mediaType;
    private final String extension;

    FocusFormat(String code, String mediaType, String extension) {
        this.code = code;
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /** Writes row by row; doesn't close the stream. */
    public abstract void write(FocusDataset dataset, OutputStream out) throws IOException;

    public String mediaType() {
        return mediaType;
    }

    public String extension() {
        return extension;
    }

    public static Optional<FocusFormat> ofCode(String code) {
        for (FocusFormat format : values()) {
            if (format.code.equals(code)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}

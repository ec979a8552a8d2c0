package io.cumulet.billing.api.upload;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A file's text, uncompressed: a few bytes of gzip can become any number. */
final class BoundedInput extends FilterInputStream {

    static final long MOST_BYTES = 1L << 30;

    /** A row's cells are in memory all at once. */
    static final long MOST_ROW_BYTES = 1L << 20;

    private long bytes;
    private long rowStart;

    BoundedInput(InputStream in) {
        super(in);
    }

    /** There is too much of it. */
    static final class TooLongException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLongException(String message) {
            super(message);
        }
    }

    /** Says that a row begins near here; the parser reads ahead. */
    void startRow() {
        rowStart = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = super.read(into, offset, length);
        bytes += Math.max(0, read);
        if (bytes > MOST_BYTES) {
            throw new TooLongException("the file has more than 1 GiB, uncompressed");
        }
        if (bytes - rowStart > MOST_ROW_BYTES) {
            throw new TooLongException("a row has more than 1 MiB");
        }
        return read;
    }
}

package io.cumulet.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The JSON Schemas (draft 2020-12) of the payloads and a sample of each event, as they ship with this module. */
public final class Schemas {

    private Schemas() {}

    /** The schema of a type's payload. */
    public static byte[] schema(EventType type) {
        return read("/schemas/" + type.payload().getSimpleName() + ".v1.schema.json");
    }

    /** A payload as the first version published it; it is read for ever. */
    public static byte[] sample(EventType type) {
        return read("/samples/" + type.typeName() + ".v1.json");
    }

    private static byte[] read(String resource) {
        try (InputStream stream = Schemas.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("The contract lacks " + resource);
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

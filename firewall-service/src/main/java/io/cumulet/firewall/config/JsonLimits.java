package io.cumulet.firewall.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/**
 * How much JSON is read into a tree. Bytes alone don't bound what a tree takes: {@code {},{},…} grows thirtyfold.
 */
@Singleton
public class JsonLimits implements ObjectMapperCustomizer {

    /** A thousand full groups are two million, ten thousand instances and packets a third of a million. */
    private static final long TOKENS = 3_000_000;

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.getFactory()
                .setStreamReadConstraints(mapper.getFactory()
                        .streamReadConstraints()
                        .rebuild()
                        .maxTokenCount(TOKENS)
                        .build());
    }
}

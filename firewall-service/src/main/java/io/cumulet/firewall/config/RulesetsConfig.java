package io.cumulet.firewall.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** What hosts are told. */
@ConfigMapping(prefix = "cumulet.rulesets")
public interface RulesetsConfig {

    /** What the names of the ports begin with that a host plugs its instances into; digits of the interface's id follow. */
    @WithDefault("cml")
    String portPrefix();

    /** A host is told its whole ruleset anew after so many changes. */
    @WithDefault("1000")
    @Min(1)
    int deltasUntilFull();

    /** And after so long, of real time: who missed a change waits as long at most. */
    @WithDefault("6h")
    Duration fullEvery();

    /** How many characters of a ruleset go into one Kafka record. */
    @WithDefault("700000")
    @Min(20000)
    @Max(800000)
    int recordCharacters();
}

package io.cumulet.endpoint.actions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ProductsTest {

    @Test
    void bothNamesOfAProductMeanTheSameSystemAndTheOneThatWasAskedForIsAnswered() {
        assertThat(Products.system("Linux/UNIX")).isEqualTo("linux");
        assertThat(Products.system("Linux/UNIX (Amazon VPC)")).isEqualTo("linux");
        assertThat(Products.system("Red Hat Enterprise Linux (Amazon VPC)")).isEqualTo("rhel");
        assertThat(Products.system("OS/2")).isNull();
        assertThat(Products.asAsked("windows", Set.of())).isEqualTo("Windows");
        assertThat(Products.asAsked("windows", Set.of("Windows (Amazon VPC)"))).isEqualTo("Windows (Amazon VPC)");
        assertThat(Products.asAsked("windows", Set.of("Windows", "Windows (Amazon VPC)")))
                .isEqualTo("Windows");
    }
}

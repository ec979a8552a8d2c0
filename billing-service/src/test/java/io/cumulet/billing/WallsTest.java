package io.cumulet.billing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of the service and the walls between them: data flows downwards. */
@AnalyzeClasses(packages = "io.cumulet.billing", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {

    @ArchTest
    static final ArchRule ROOMS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("api")
            .definedBy("..billing.api..")
            .layer("intake")
            .definedBy("..billing.intake..")
            .layer("app")
            .definedBy("..billing.app..")
            .layer("domain")
            .definedBy("..billing.domain..")
            .layer("store")
            .definedBy("..billing.store..")
            .layer("publish")
            .definedBy("..billing.publish..")
            .layer("config")
            .definedBy("..billing.config..")
            .whereLayer("api")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("intake")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("store")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("publish")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("config")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("app")
            .mayOnlyBeAccessedByLayers("api", "intake", "store", "publish", "config")
            .whereLayer("domain")
            .mayOnlyBeAccessedByLayers("api", "intake", "app", "store", "publish", "config");

    @ArchTest
    static final ArchRule DOMAIN_IS_PLAIN_JAVA = classes()
            .that()
            .resideInAPackage("..billing.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "org.apache.commons.numbers..",
                    "org.ojalgo..",
                    "io.cumulet.kernel..",
                    "io.cumulet.billing.domain..");

    @ArchTest
    static final ArchRule RATING_KNOWS_NO_EVENT = noClasses()
            .that()
            .resideInAPackage("..domain.rating..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..domain.metering..", "..domain.billing..");

    @ArchTest
    static final ArchRule ONLY_THE_EDGE_KNOWS_REST = noClasses()
            .that()
            .resideOutsideOfPackage("..billing.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.ws.rs..");

    @ArchTest
    static final ArchRule ONLY_INTAKE_AND_PUBLISH_KNOW_THE_CONTRACT = noClasses()
            .that()
            .resideOutsideOfPackages("..billing.intake..", "..billing.publish..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.cumulet.contract..");

    @ArchTest
    static final ArchRule NOBODY_READS_THE_SYSTEM_CLOCK_DEEP_INSIDE = noClasses()
            .that()
            .resideOutsideOfPackage("..billing.intake..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule MONEY_IS_NEVER_A_FLOATING_POINT_NUMBER = noClasses()
            .that()
            .resideInAPackage("..billing.domain..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Double.class)
            .orShould()
            .callMethod(java.math.BigDecimal.class, "doubleValue");
}

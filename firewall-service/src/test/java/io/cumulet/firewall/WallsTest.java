package io.cumulet.firewall;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of the service and the walls between them: data flows downwards. */
@AnalyzeClasses(packages = "io.cumulet.firewall", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {

    @ArchTest
    static final ArchRule ROOMS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("api")
            .definedBy("..firewall.api..")
            .layer("intake")
            .definedBy("..firewall.intake..")
            .layer("app")
            .definedBy("..firewall.app..")
            .layer("domain")
            .definedBy("..firewall.domain..")
            .layer("store")
            .definedBy("..firewall.store..")
            .layer("publish")
            .definedBy("..firewall.publish..")
            .layer("config")
            .definedBy("..firewall.config..")
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
            .resideInAPackage("..firewall.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..", "org.jspecify..", "inet.ipaddr..", "io.cumulet.kernel..", "io.cumulet.firewall.domain..");

    @ArchTest
    static final ArchRule TRAFFIC_KNOWS_NO_GROUP = noClasses()
            .that()
            .resideInAPackage("..domain.traffic..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..domain.groups..", "..domain.evaluation..");

    @ArchTest
    static final ArchRule ONLY_THE_EDGE_KNOWS_REST = noClasses()
            .that()
            .resideOutsideOfPackage("..firewall.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.ws.rs..");

    @ArchTest
    static final ArchRule ONLY_INTAKE_AND_PUBLISH_KNOW_THE_CONTRACT = noClasses()
            .that()
            .resideOutsideOfPackages("..firewall.intake..", "..firewall.publish..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.cumulet.contract..");

    @ArchTest
    static final ArchRule NOBODY_READS_THE_SYSTEM_CLOCK_DEEP_INSIDE = noClasses()
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}

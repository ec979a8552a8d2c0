package io.cumulet.endpoint;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rooms of the endpoint: keys as in the other services, and the door with its actions above them. */
@AnalyzeClasses(packages = "io.cumulet.endpoint", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {

    @ArchTest
    static final ArchRule DOMAIN_IS_PLAIN_JAVA = classes()
            .that()
            .resideInAPackage("..endpoint.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "javax.crypto..",
                    "org.jspecify..",
                    "io.cumulet.kernel..",
                    "io.cumulet.endpoint.domain..");

    @ArchTest
    static final ArchRule STORE_AND_PUBLISH_ARE_ASKED_THROUGH_PORTS = noClasses()
            .that()
            .resideOutsideOfPackages("..endpoint.store..", "..endpoint.publish..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..endpoint.store..", "..endpoint.publish..");

    @ArchTest
    static final ArchRule USE_CASES_KNOW_NO_WIRE = noClasses()
            .that()
            .resideInAnyPackage("..endpoint.app..", "..endpoint.domain..", "..endpoint.store..", "..endpoint.publish..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..endpoint.api..",
                    "..endpoint.door..",
                    "..endpoint.access..",
                    "..endpoint.actions..",
                    "..endpoint.protocol..");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("..endpoint.door..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..endpoint.door..");

    @ArchTest
    static final ArchRule ONLY_PUBLISH_KNOWS_THE_CONTRACT = noClasses()
            .that()
            .resideOutsideOfPackages("..endpoint.publish..", "..endpoint.intake..")
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

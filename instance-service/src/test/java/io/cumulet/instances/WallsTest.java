package io.cumulet.instances;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Data flows downwards: api and intake call app, app calls domain; store, publish, clients and driver serve app. */
@AnalyzeClasses(packages = "io.cumulet.instances", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {

    @ArchTest
    static final ArchRule theDomainIsPlainJava = classes()
            .that()
            .resideInAPackage("..instances.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "io.cumulet.kernel..",
                    "io.cumulet.catalog..",
                    "io.cumulet.instances.domain..");

    @ArchTest
    static final ArchRule appKnowsNobodyAboveOrBesideIt = noClasses()
            .that()
            .resideInAPackage("..instances.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..instances.api..",
                    "..instances.intake..",
                    "..instances.store..",
                    "..instances.publish..",
                    "..instances.clients..",
                    "..instances.driver..",
                    "java.sql..",
                    "javax.sql..",
                    "org.apache.kafka..",
                    "jakarta.ws.rs..");

    @ArchTest
    static final ArchRule theEdgesDoNotTouchTheDatabase = noClasses()
            .that()
            .resideInAnyPackage("..instances.api..", "..instances.intake..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..instances.store..", "..instances.publish..", "java.sql..", "javax.sql..");

    @ArchTest
    static final ArchRule onlyTheApiKnowsHttp = noClasses()
            .that()
            .resideOutsideOfPackage("..instances.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.ws.rs..");

    @ArchTest
    static final ArchRule nobodyReadsTheSystemClock = noClasses()
            .that()
            .resideInAPackage("io.cumulet.instances..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}

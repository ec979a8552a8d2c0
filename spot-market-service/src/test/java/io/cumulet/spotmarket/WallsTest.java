package io.cumulet.spotmarket;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Data flows downwards: api and intake call app, app calls domain; store and publish serve app. */
@AnalyzeClasses(packages = "io.cumulet.spotmarket", importOptions = ImportOption.DoNotIncludeTests.class)
class WallsTest {

    @ArchTest
    static final ArchRule theDomainIsPlainJava = classes()
            .that()
            .resideInAPackage("..spotmarket.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "io.cumulet.kernel..",
                    "io.cumulet.catalog..",
                    "io.cumulet.spotmarket.domain..");

    @ArchTest
    static final ArchRule appKnowsNobodyAboveOrBesideIt = noClasses()
            .that()
            .resideInAPackage("..spotmarket.app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..spotmarket.api..",
                    "..spotmarket.intake..",
                    "..spotmarket.store..",
                    "..spotmarket.publish..",
                    "..spotmarket.clients..",
                    "java.sql..",
                    "javax.sql..",
                    "org.apache.kafka..",
                    "jakarta.ws.rs..");

    @ArchTest
    static final ArchRule theEdgesDoNotTouchTheDatabase = noClasses()
            .that()
            .resideInAnyPackage("..spotmarket.api..", "..spotmarket.intake..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "..spotmarket.store..",
                    "..spotmarket.publish..",
                    "..spotmarket.clients..",
                    "java.sql..",
                    "javax.sql..");

    @ArchTest
    static final ArchRule onlyTheApiKnowsHttp = noClasses()
            .that()
            .resideOutsideOfPackage("..spotmarket.api..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta.ws.rs..");

    @ArchTest
    static final ArchRule nobodyReadsTheSystemClock = noClasses()
            .that()
            .resideInAPackage("io.cumulet.spotmarket..")
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}

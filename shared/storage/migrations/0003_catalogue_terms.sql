-- Made anew from the home at the next start.
DELETE FROM "catalogue_homes";--> statement-breakpoint
CREATE TABLE "catalogue_terms" (
	"home_id" text NOT NULL,
	"kind" text NOT NULL,
	"text" text NOT NULL,
	"places" integer[] NOT NULL,
	CONSTRAINT "catalogue_terms_home_id_kind_text_pk" PRIMARY KEY("home_id","kind","text")
);
--> statement-breakpoint
ALTER TABLE "catalogue_words" DISABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP TABLE "catalogue_words" CASCADE;--> statement-breakpoint
DROP INDEX "catalogue_entities_order";--> statement-breakpoint
DROP INDEX "catalogue_entities_words";--> statement-breakpoint
ALTER TABLE "catalogue_entities" ADD COLUMN "place" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "catalogue_homes" ADD COLUMN "texts" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "catalogue_terms" ADD CONSTRAINT "catalogue_terms_home_id_catalogue_homes_id_fk" FOREIGN KEY ("home_id") REFERENCES "public"."catalogue_homes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "catalogue_entities_places" ON "catalogue_entities" USING btree ("home_id","place");--> statement-breakpoint
ALTER TABLE "catalogue_entities" DROP COLUMN "position";--> statement-breakpoint
ALTER TABLE "catalogue_entities" DROP COLUMN "words";--> statement-breakpoint
ALTER TABLE "catalogue_entities" DROP COLUMN "area_words";
CREATE EXTENSION IF NOT EXISTS pg_trgm;--> statement-breakpoint
CREATE TABLE "catalogue_areas" (
	"home_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"floor" text,
	CONSTRAINT "catalogue_areas_home_id_id_pk" PRIMARY KEY("home_id","id")
);
--> statement-breakpoint
CREATE TABLE "catalogue_devices" (
	"home_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"area_id" text,
	"manufacturer" text,
	"model" text,
	"entry_id" text,
	CONSTRAINT "catalogue_devices_home_id_id_pk" PRIMARY KEY("home_id","id")
);
--> statement-breakpoint
CREATE TABLE "catalogue_entities" (
	"home_id" text NOT NULL,
	"id" text NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"domain" text NOT NULL,
	"device_class" text,
	"unit" text,
	"device_id" text,
	"area_id" text,
	"area" text,
	"disabled" boolean NOT NULL,
	"words" text[] DEFAULT '{}'::text[] NOT NULL,
	"area_words" text[] DEFAULT '{}'::text[] NOT NULL,
	CONSTRAINT "catalogue_entities_home_id_id_pk" PRIMARY KEY("home_id","id")
);
--> statement-breakpoint
CREATE TABLE "catalogue_homes" (
	"id" text PRIMARY KEY NOT NULL,
	"digest" text NOT NULL,
	"synced_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "catalogue_words" (
	"home_id" text NOT NULL,
	"word" text NOT NULL,
	CONSTRAINT "catalogue_words_home_id_word_pk" PRIMARY KEY("home_id","word")
);
--> statement-breakpoint
ALTER TABLE "catalogue_areas" ADD CONSTRAINT "catalogue_areas_home_id_catalogue_homes_id_fk" FOREIGN KEY ("home_id") REFERENCES "public"."catalogue_homes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalogue_devices" ADD CONSTRAINT "catalogue_devices_home_id_catalogue_homes_id_fk" FOREIGN KEY ("home_id") REFERENCES "public"."catalogue_homes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalogue_entities" ADD CONSTRAINT "catalogue_entities_home_id_catalogue_homes_id_fk" FOREIGN KEY ("home_id") REFERENCES "public"."catalogue_homes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalogue_words" ADD CONSTRAINT "catalogue_words_home_id_catalogue_homes_id_fk" FOREIGN KEY ("home_id") REFERENCES "public"."catalogue_homes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "catalogue_entities_order" ON "catalogue_entities" USING btree ("home_id","position");--> statement-breakpoint
CREATE INDEX "catalogue_entities_words" ON "catalogue_entities" USING gin ("words");--> statement-breakpoint
CREATE INDEX "catalogue_words_like" ON "catalogue_words" USING gin ("word" gin_trgm_ops);
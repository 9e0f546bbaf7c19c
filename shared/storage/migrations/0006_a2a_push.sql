CREATE TABLE "a2a_push_configs" (
	"task_id" text NOT NULL,
	"id" text NOT NULL,
	"url" text NOT NULL,
	"scheme" text NOT NULL,
	"sealed" text NOT NULL,
	"delivered" bigint NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"holder" text,
	"lease_until" timestamp (3) with time zone,
	"dead_at" timestamp (3) with time zone,
	"fault" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "a2a_push_configs_task_id_id_pk" PRIMARY KEY("task_id","id")
);
--> statement-breakpoint
ALTER TABLE "a2a_push_configs" ADD CONSTRAINT "a2a_push_configs_task_id_a2a_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."a2a_tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "a2a_push_configs_due" ON "a2a_push_configs" USING btree ("due_at") WHERE dead_at is null;
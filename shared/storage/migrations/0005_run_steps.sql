CREATE TABLE "run_steps" (
	"run_id" text NOT NULL,
	"scope" text NOT NULL,
	"position" integer NOT NULL,
	"name" text NOT NULL,
	"output" jsonb NOT NULL,
	CONSTRAINT "run_steps_run_id_scope_position_pk" PRIMARY KEY("run_id","scope","position")
);
--> statement-breakpoint
ALTER TABLE "run_steps" ADD CONSTRAINT "run_steps_run_id_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."runs"("id") ON DELETE cascade ON UPDATE no action;
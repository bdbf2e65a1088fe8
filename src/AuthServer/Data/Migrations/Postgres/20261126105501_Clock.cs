using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AuthServer.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Clock : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_reset_links_account_id_created_at",
                table: "reset_links");

            migrationBuilder.AddColumn<int>(
                name: "password_generation_before",
                table: "support_cases",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "generation",
                table: "reset_links",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<Guid>(
                name: "security_stamp",
                table: "reset_links",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<Guid>(
                name: "run",
                table: "log_in_throttles",
                type: "uuid",
                nullable: false,
                defaultValue: new Guid("00000000-0000-0000-0000-000000000000"));

            migrationBuilder.AddColumn<int>(
                name: "password_generation",
                table: "accounts",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_reset_links_account_id_generation",
                table: "reset_links",
                columns: new[] { "account_id", "generation" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_reset_links_account_id_generation",
                table: "reset_links");

            migrationBuilder.DropColumn(
                name: "password_generation_before",
                table: "support_cases");

            migrationBuilder.DropColumn(
                name: "generation",
                table: "reset_links");

            migrationBuilder.DropColumn(
                name: "security_stamp",
                table: "reset_links");

            migrationBuilder.DropColumn(
                name: "run",
                table: "log_in_throttles");

            migrationBuilder.DropColumn(
                name: "password_generation",
                table: "accounts");

            migrationBuilder.CreateIndex(
                name: "IX_reset_links_account_id_created_at",
                table: "reset_links",
                columns: new[] { "account_id", "created_at" });
        }
    }
}

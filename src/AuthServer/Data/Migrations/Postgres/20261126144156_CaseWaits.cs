using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AuthServer.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class CaseWaits : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "wait_counted_at",
                table: "support_cases",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "wait_seconds_left",
                table: "support_cases",
                type: "integer",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "wait_counted_at",
                table: "support_cases");

            migrationBuilder.DropColumn(
                name: "wait_seconds_left",
                table: "support_cases");
        }
    }
}

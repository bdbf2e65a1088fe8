using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace AuthServer.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class DeskNews : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "news",
                table: "support_cases",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "news_at",
                table: "support_cases",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "news_to_mail_at",
                table: "support_cases",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "case_terms",
                columns: table => new
                {
                    case_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    term = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_case_terms", x => new { x.term, x.case_id });
                    table.ForeignKey(
                        name: "FK_case_terms_support_cases_case_id",
                        column: x => x.case_id,
                        principalTable: "support_cases",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "desk_subscriptions",
                columns: table => new
                {
                    account_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    news = table.Column<int>(type: "INTEGER", nullable: false),
                    daily = table.Column<bool>(type: "INTEGER", nullable: false),
                    summary_sent_on = table.Column<DateOnly>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_desk_subscriptions", x => x.account_id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_support_cases_news_to_mail_at",
                table: "support_cases",
                column: "news_to_mail_at",
                filter: "news_to_mail_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_support_cases_state_news_at_changed_at_id_opened_at_assigned_to",
                table: "support_cases",
                columns: new[] { "state", "news_at", "changed_at", "id", "opened_at", "assigned_to" });

            migrationBuilder.CreateIndex(
                name: "IX_case_terms_case_id",
                table: "case_terms",
                column: "case_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "case_terms");

            migrationBuilder.DropTable(
                name: "desk_subscriptions");

            migrationBuilder.DropIndex(
                name: "IX_support_cases_news_to_mail_at",
                table: "support_cases");

            migrationBuilder.DropIndex(
                name: "IX_support_cases_state_news_at_changed_at_id_opened_at_assigned_to",
                table: "support_cases");

            migrationBuilder.DropColumn(
                name: "news",
                table: "support_cases");

            migrationBuilder.DropColumn(
                name: "news_at",
                table: "support_cases");

            migrationBuilder.DropColumn(
                name: "news_to_mail_at",
                table: "support_cases");
        }
    }
}

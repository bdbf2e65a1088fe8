using AuthServer.Accounts;

namespace AuthServer.Demo;

/// <summary>One of the people who are made at start when <c>Demo</c> is true.</summary>
/// <param name="Username">Theirs.</param>
/// <param name="Password">Printed on the demo page: no secret.</param>
/// <param name="Email">At example.com, where nobody lives.</param>
/// <param name="Who">What to try with it.</param>
/// <param name="Claims">By their names in the import file.</param>
internal sealed record DemoPerson(
    string Username,
    string Password,
    string Email,
    string Who,
    IReadOnlyDictionary<string, string> Claims
)
{
    /// <summary>What support cases can be tried with.</summary>
    public IReadOnlyList<PostFacts> Posts { get; init; } = [];

    /// <summary>Usernames of other demo people.</summary>
    public IReadOnlyList<string> Supervisors { get; init; } = [];
}

/// <summary>The demo people. None of them exists, nor do their numbers and addresses.</summary>
internal static class DemoPeople
{
    public static IReadOnlyList<DemoPerson> All { get; } =
    [
        new(
            "o'brien4821",
            "three green kettles hum",
            "siobhan.obrien@example.com",
            "a trainee, with an apostrophe to stumble over",
            new Dictionary<string, string>
            {
                ["given_name"] = "Siobhán",
                ["family_name"] = "O'Brien",
                ["gmc_number"] = "7000001",
                ["ntn"] = "LDN/007/001/C",
                ["portfolio_roles"] = "trainee",
            }
        )
        {
            Posts =
            [
                new(
                    "Exampleton General Hospital",
                    "Cardiology",
                    "ST3",
                    new DateOnly(2024, 8, 7),
                    new DateOnly(2025, 8, 5),
                    "Dr Chidi Okafor"
                ),
                new(
                    "Testshire Royal Infirmary",
                    "Cardiology",
                    "ST4",
                    new DateOnly(2025, 8, 6),
                    Supervisor: "Dr Jean Fairweather"
                ),
            ],
            Supervisors = ["okafor1907", "fairweather5093"],
        },
        new(
            "okafor1907",
            "slow boats carry oranges",
            "chidi.okafor@example.com",
            "a supervisor",
            new Dictionary<string, string>
            {
                ["given_name"] = "Chidi",
                ["family_name"] = "Okafor",
                ["gmc_number"] = "7000002",
                ["portfolio_roles"] = "supervisor",
            }
        ),
        new(
            "hughes3350",
            "purple rain over Swansea",
            "megan.hughes@example.com",
            "an administrator of this server",
            new Dictionary<string, string>
            {
                ["given_name"] = "Megan",
                ["family_name"] = "Hughes",
                ["staff_role"] = "administrator",
            }
        ),
        new(
            "iqbal6142",
            "quiet foxes read maps",
            "sana.iqbal@example.com",
            "a support officer, whose desk is at /support",
            new Dictionary<string, string>
            {
                ["given_name"] = "Sana",
                ["family_name"] = "Iqbal",
                ["staff_role"] = "support",
            }
        ),
        new(
            "patel7421",
            "warm bread before sunrise",
            "nadia.patel@example.com",
            "a second support officer: accounts of staff take two to approve",
            new Dictionary<string, string>
            {
                ["given_name"] = "Nadia",
                ["family_name"] = "Patel",
                ["staff_role"] = "support",
            }
        ),
        new(
            "fairweather5093",
            "nine lamps along the pier",
            "jean.fairweather@example.com",
            "a trainee and supervisor with every claim there is",
            new Dictionary<string, string>
            {
                ["name"] = "Dr Jean Alex Fairweather",
                ["given_name"] = "Jean",
                ["middle_name"] = "Alex",
                ["family_name"] = "Fairweather",
                ["nickname"] = "Jeanie",
                ["profile"] = "https://people.example.com/jean",
                ["picture"] = "https://people.example.com/jean.jpg",
                ["website"] = "https://jean.example.com",
                ["gender"] = "female",
                ["birthdate"] = "1989-05-17",
                ["zoneinfo"] = "Europe/London",
                ["locale"] = "en-GB",
                ["phone_number"] = "+441632960001",
                ["phone_number_verified"] = "true",
                ["street_address"] = "1 Test Street",
                ["locality"] = "Exampleton",
                ["region"] = "Testshire",
                ["postal_code"] = "ZZ99 3CZ",
                ["country"] = "United Kingdom",
                ["gmc_number"] = "7000003",
                ["nmc_number"] = "99A0001E",
                ["ntn"] = "LDN/007/002/C",
                ["college_number"] = "000123",
                ["portfolio_roles"] = "trainee;supervisor",
            }
        )
        {
            Posts =
            [
                new(
                    "Exampleton General Hospital",
                    "Geriatric medicine",
                    "ST7",
                    new DateOnly(2025, 2, 5),
                    Supervisor: "Dr Chidi Okafor"
                ),
            ],
            Supervisors = ["okafor1907"],
        },
    ];
}

using System.CommandLine;
using AuthServer.Accounts;

namespace AuthServer.CommandLine;

/// <summary>
/// <c>AuthServer users add</c>: adds one account, with a password that never stands on the command line or with an
/// invitation to choose one.
/// </summary>
internal static class UsersAddCommand
{
    public static Command Create()
    {
        var username = new Option<string?>("--username") { Description = "Default: the family name and four digits." };
        var email = new Option<string>("--email")
        {
            Description = "You vouch that it is the person's.",
            Required = true,
        };
        var givenName = new Option<string>("--given-name") { Required = true };
        var familyName = new Option<string>("--family-name") { Required = true };
        var role = new Option<string?>("--role") { Description = "For staff: administrator or support." };
        var password = new Option<bool>("--password-stdin")
        {
            Description = "Read the password from the standard input.",
        };
        var invite = new Option<bool>("--invite")
        {
            Description = "Email the person a link to choose their password, which works for 7 days.",
        };
        var app = UsersCommands.AppOption();
        return new Command("add", "Add an account; prints its id and username.")
        {
            username,
            email,
            givenName,
            familyName,
            role,
            password,
            invite,
            app,
        }.OnServices(
            async (run, cancellationToken) =>
            {
                var arguments = run.Arguments;
                if (arguments.GetValue(password) == arguments.GetValue(invite))
                {
                    throw new RefusedException(
                        "Give --password-stdin, and the password on the standard input; or --invite, and the person chooses one."
                    );
                }

                if (arguments.GetValue(app) is not null && !arguments.GetValue(invite))
                {
                    throw new RefusedException("--app says where an invitation leads: give it with --invite.");
                }

                var registration = await run
                    .Services.GetRequiredService<RegisterAccount>()
                    .AddAsync(
                        new NewAccount
                        {
                            Username = arguments.GetValue(username),
                            Email = arguments.GetRequiredValue(email),
                            Password = arguments.GetValue(password)
                                ? await ReadPasswordAsync(run, cancellationToken)
                                : null,
                            Invite = arguments.GetValue(invite),
                            App = arguments.GetValue(app),
                            Claims = new Dictionary<string, string>
                            {
                                ["given_name"] = arguments.GetRequiredValue(givenName),
                                ["family_name"] = arguments.GetRequiredValue(familyName),
                                ["staff_role"] = arguments.GetValue(role) ?? "none",
                            },
                            Actor = UsersCommands.Actor,
                        },
                        cancellationToken
                    );
                switch (registration)
                {
                    case Registration.Added added:
                        await UsersCommands.PrintAsync(run, new { Id = added.AccountId, added.Username });
                        return 0;
                    case Registration.Refused refused:
                        throw new RefusedException(refused.Problem);
                    default:
                        throw new RefusedException("The machine is too busy to hash a password: try again.");
                }
            }
        );
    }

    // One line: what follows the password is the end of the line that the shell or the pipe put there.
    private static async Task<string> ReadPasswordAsync(CommandRun run, CancellationToken cancellationToken) =>
        await run.Input.ReadLineAsync(cancellationToken) switch
        {
            null or "" => throw new RefusedException("The standard input has no password on its first line."),

            // The person types another character in the place of what was lost here, and could never log in.
            var line when line.Contains(CommandRun.Undecodable, StringComparison.Ordinal) => throw new RefusedException(
                "The password on the standard input is not UTF-8."
            ),
            var line => line,
        };
}

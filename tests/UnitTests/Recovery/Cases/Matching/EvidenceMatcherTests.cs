using AuthServer.Accounts;
using FsCheck;
using FsCheck.Fluent;
using Recovery.Cases;
using Recovery.Cases.Matching;
using Recovery.Ports;

namespace UnitTests.Recovery.Cases.Matching;

/// <summary>What has to hold of every comparison, whatever is stated and held.</summary>
public sealed class EvidenceMatcherTests
{
    private const string NobodysEmail = "new@example.test";

    private static readonly EvidenceMatcher Matcher = new(new TypedText());

    [Fact]
    public void In_which_order_things_are_stated_or_held_never_matters() =>
        Holds(story =>
        {
            var turned = story.Held with
            {
                Emails = [.. story.Held.Emails.Reverse()],
                Posts = [.. story.Held.Posts.Reverse()],
                Supervisors = [.. story.Held.Supervisors.Reverse()],
                Trainees = [.. story.Held.Trainees.Reverse()],
            };

            var one = Match(story.Said, story.Held);
            var other = Match(story.Said.Reverse(), turned);

            return (one.Level, one.Points) == (other.Level, other.Points) && one.Facts.SequenceEqual(other.Facts);
        });

    [Fact]
    public void One_more_right_fact_never_lowers() =>
        Holds(story =>
        {
            var before = Match(story.Said, story.Held);
            return story.MoreRight.All(more =>
                Match(story.Said.Append(more), story.Held) is var after
                && after.Points >= before.Points
                && after.Level >= before.Level
            );
        });

    [Fact]
    public void One_more_wrong_fact_never_raises() =>
        Holds(story =>
        {
            var before = Match(story.Said, story.Held);
            return story.MoreWrong.All(more =>
                Match(story.Said.Append(more), story.Held) is var after
                && after.Points <= before.Points
                && after.Level <= before.Level
            );
        });

    [Fact]
    public void Proving_an_address_that_is_held_raises_and_any_other_changes_nothing() =>
        Holds(story =>
        {
            var evidence = Story.Evidence(story.Said);
            var before = Matcher.Match(evidence, null, story.Held);
            var other = Matcher.Match(evidence, NobodysEmail, story.Held);
            return (other.Level, other.Points) == (before.Level, before.Points)
                && story.Held.Emails.All(email =>
                    Matcher.Match(evidence, email.ToUpperInvariant(), story.Held) is var after
                    && after.Points > before.Points
                    && after.Level >= before.Level
                );
        });

    [Fact]
    public void The_same_thing_said_twice_counts_once() =>
        Holds(story =>
        {
            var several = story.Said.Where(statement => statement.IsOneOfSeveral).ToList();

            return Match(story.Said, story.Held).Points == Match(story.Said.Concat(several), story.Held).Points;
        });

    [Fact]
    public void What_anybody_can_look_up_is_never_likely_however_much_of_it_there_is() =>
        Holds(story =>
        {
            var looked = story
                .Said.Concat(story.MoreRight)
                .Where(statement => statement is { Public: true, Right: true })
                .DistinctBy(statement => statement.Field);

            return Match(looked, story.Held).Level < MatchLevel.Likely;
        });

    [Fact]
    public void Every_right_fact_is_marked_the_same_in_every_spelling() =>
        Holds(story =>
        {
            var right = story.Said.Concat(story.MoreRight).Where(statement => statement.Right);
            return right.All(statement =>
                Match([statement], story.Held)
                    .Facts.Single(fact => fact is { Stated: not null, Kind: not FactKind.NewEmail })
                    .Mark == Mark.Same
            );
        });

    [Fact]
    public void Nothing_that_was_not_stated_is_shown() =>
        Holds(story => Match(story.Said, story.Held).Facts.All(fact => fact.Stated is not null || fact.Held is null));

    [Theory]
    [InlineData("O'Brien", "OBrien")]
    [InlineData("O'Brien", "O’Brien")]
    [InlineData("OBrien", "o brien")]
    [InlineData("Siobhán", "SIOBHAN")]
    [InlineData("Smith-Jones", "Smith Jones")]
    [InlineData("Łukasz", "Lukasz")]
    [InlineData("Strauß", "Strauss")]
    public void A_name_is_the_same_however_it_is_spelled(string held, string stated)
    {
        Assert.Equal(Mark.Same, NameMatch.Part(stated, held));
        Assert.Equal(Mark.Same, NameMatch.Part(held, stated));
    }

    [Theory]
    [InlineData("12A3456E", "12 a 3456 e")]
    [InlineData("12A3456E", "NMC PIN: 12A3456E")]
    [InlineData("7654321", "GMC 765 4321")]
    [InlineData("7654321", "７６５４３２１")]
    [InlineData("7654321", "7645321", Mark.Similar)]
    [InlineData("LDN/001/123/N", "ldn 001 123 n")]
    internal void A_registration_number_is_the_same_whatever_its_spacing_and_case(
        string held,
        string stated,
        Mark mark = Mark.Same
    )
    {
        var match = Matcher.Match(
            new CaseEvidence { NmcNumber = stated },
            NobodysEmail,
            Nobody with
            {
                NmcNumber = held,
            }
        );

        Assert.Equal(mark, match.Facts.Single(fact => fact.Kind == FactKind.NmcNumber).Mark);
    }

    [Theory]
    [InlineData("Dr Nadia Patel", "Nadia Patel", Mark.Same)]
    [InlineData("Nadia Patel", "Patel, Nadia", Mark.Same)]
    [InlineData("Nadia Patel", "Dr N. Patel", Mark.Similar)]
    [InlineData("Nadia Priya Patel", "Nadia Patel", Mark.Similar)]
    [InlineData("Nadia Patel", "Dr Patel", Mark.Similar)]
    [InlineData("Nadia Patel", "Nadia Petal", Mark.Similar)]
    [InlineData("Nadia Patel", "Rohan Patel", Mark.Different)]
    [InlineData("Nadia Patel", "Dr", Mark.Different)]
    internal void A_whole_name_may_be_turned_shortened_and_have_a_title(string held, string stated, Mark mark) =>
        Assert.Equal(mark, NameMatch.Whole(stated, held));

    [Theory]
    [InlineData("August 2023", Mark.Same)]
    [InlineData("aug 23", Mark.Same)]
    [InlineData("08/2023", Mark.Same)]
    [InlineData("1st August 2023", Mark.Same)]
    [InlineData("01.08.2023", Mark.Same)]
    [InlineData("2023-08-01", Mark.Same)]
    [InlineData("2023", Mark.Similar)]
    [InlineData("October 2023", Mark.Similar)]
    [InlineData("January 2024", Mark.Different)]
    [InlineData("2021", Mark.Different)]
    [InlineData("after the summer", Mark.Unclear)]
    [InlineData("13/2023", Mark.Unclear)]
    [InlineData("", Mark.Unclear)]
    internal void A_date_may_be_as_vague_as_memory(string stated, Mark mark) =>
        Assert.Equal(mark, StatedDate.Compare(stated, new DateOnly(2023, 8, 2)));

    [Theory]
    [InlineData("The Royal Infirmary", "royal infirmary", Mark.Same)]
    [InlineData("Leeds Teaching Hospitals NHS Trust", "Leeds", Mark.Same)]
    [InlineData("Barts Royal London Hospital", "Royal London", Mark.Similar)]
    [InlineData("Cardiology", "Cardiolgy", Mark.Similar)]
    [InlineData("ST3", "ST 3", Mark.Same)]
    [InlineData("ST3", "ST4", Mark.Different)]
    [InlineData("University Hospital", "Teaching Hospital", Mark.Different)]
    internal void Employers_and_grades_are_compared_by_what_tells_them_apart(string held, string stated, Mark mark) =>
        Assert.Equal(mark, WordsMatch.Compare(stated, held));

    [Theory]
    [InlineData("O\u2019Brien4821", Mark.Same)]
    [InlineData("obrien 4821", Mark.Same)]
    [InlineData("username: (o`brien4821).", Mark.Same)]
    [InlineData("o'brien4822", Mark.Similar)]
    [InlineData("patel1234", Mark.Different)]
    internal void A_username_is_compared_as_a_log_in_finds_it(string stated, Mark mark)
    {
        var match = Matcher.Match(
            new CaseEvidence { Username = stated },
            null,
            Nobody with
            {
                Account = Nobody.Account with { Username = "o'brien4821" },
            }
        );

        Assert.Equal(mark, match.Facts.Single(fact => fact.Kind == FactKind.Username).Mark);
    }

    [Theory]
    [InlineData("<Anna.Smith@xn--bcher-kva.example>", Mark.Same)]
    [InlineData("annasmith@b\u00FCcher.example", Mark.Similar)]
    [InlineData("patel@elsewhere.example", Mark.NotHeld)]
    internal void An_address_is_compared_as_a_log_in_finds_it(string stated, Mark mark)
    {
        var match = Matcher.Match(
            new CaseEvidence { EarlierEmails = [stated] },
            null,
            Nobody with
            {
                Emails = ["anna.smith@b\u00FCcher.example"],
            }
        );

        Assert.Equal(mark, match.Facts.Single(fact => fact.Kind == FactKind.EarlierEmail).Mark);
    }

    [Theory]
    [InlineData("O\uA78CBrien")]
    [InlineData("O\u05F3Brien")]
    [InlineData("O\u00B4Brien")]
    [InlineData("OBrien")]
    internal void A_name_is_compared_whatever_its_apostrophe(string stated)
    {
        var match = Matcher.Match(
            new CaseEvidence { FamilyName = stated },
            null,
            Nobody with
            {
                FamilyName = "O'Brien",
            }
        );

        Assert.Equal(Mark.Same, match.Facts.Single(fact => fact.Kind == FactKind.FamilyName).Mark);
    }

    [Fact]
    public void Names_the_wrong_way_round_are_similar()
    {
        var match = Matcher.Match(
            new CaseEvidence { GivenName = "Okafor", FamilyName = "Chidi" },
            NobodysEmail,
            Nobody with
            {
                GivenName = "Chidi",
                FamilyName = "Okafor",
            }
        );

        Assert.Equal([Mark.Similar, Mark.Similar], match.Facts.Take(2).Select(fact => fact.Mark));
    }

    [Fact]
    public void A_proved_address_that_was_the_accounts_before_and_a_name_are_likely()
    {
        var match = Matcher.Match(
            new CaseEvidence { FamilyName = "Okafor" },
            "Chidi@Old.example",
            Nobody with
            {
                FamilyName = "Okafor",
                Emails = ["chidi@old.example"],
            }
        );

        Assert.Equal(MatchLevel.Likely, match.Level);
    }

    [Fact]
    public void All_that_is_held_from_several_sources_is_strong()
    {
        var held = Nobody with
        {
            GivenName = "Aoife",
            FamilyName = "O'Brien",
            GmcNumber = "7654321",
            Emails = ["a@old.example"],
            Posts =
            [
                new HeldPost("Royal Infirmary", "Cardiology", "ST4", new DateOnly(2023, 8, 2), null, "Nadia Patel"),
            ],
        };
        var stated = new CaseEvidence
        {
            GivenName = "Aoife",
            FamilyName = "OBrien",
            GmcNumber = "765 4321",
            EarlierEmails = ["A@OLD.example"],
            LastPost = new StatedPost
            {
                Employer = "Royal Infirmary",
                Specialty = "cardiology",
                From = "August 2023",
                Supervisor = "Dr Nadia Patel",
            },
        };

        Assert.Equal(MatchLevel.Strong, Matcher.Match(stated, NobodysEmail, held).Level);
    }

    [Fact]
    public void A_public_number_names_and_a_guessed_username_are_not_likely()
    {
        var held = Nobody with
        {
            GivenName = "Aoife",
            FamilyName = "O'Brien",
            GmcNumber = "7654321",
            NmcNumber = "12A3456E",
            Ntn = "SCO/1/7654321/C",
        };
        var stated = new CaseEvidence
        {
            GivenName = "Aoife",
            FamilyName = "O'Brien",
            GmcNumber = "7654321",
            NmcNumber = "12A3456E",
            Ntn = "SCO/1/7654321/C",
            Username = Nobody.Account.Username,
        };

        Assert.Equal(MatchLevel.Possible, Matcher.Match(stated, NobodysEmail, held).Level);
    }

    [Theory]
    [InlineData("Nadia Patel")]
    [InlineData("npatel@royal.example")]
    public void A_supervisors_name_in_every_field_gets_nobody_into_the_trainees_account_or_the_supervisors(string typed)
    {
        var everywhere = new CaseEvidence
        {
            GivenName = typed,
            FamilyName = typed,
            Username = typed,
            EarlierEmails = [typed],
            GmcNumber = typed,
            NmcNumber = typed,
            Ntn = typed,
            CollegeNumber = typed,
            OtherNumber = typed,
            SupervisedTrainees = [typed],
            More = typed,
            LastPost = new StatedPost
            {
                Employer = typed,
                Specialty = typed,
                Grade = typed,
                From = typed,
                To = typed,
                Supervisor = typed,
            },
        };
        var trainee = Nobody with
        {
            GivenName = "Aoife",
            FamilyName = "O'Brien",
            GmcNumber = "7654321",
            Emails = ["a@old.example"],
            Supervisors = ["Nadia Patel"],
            Posts =
            [
                new HeldPost("Royal Infirmary", "Cardiology", "ST4", new DateOnly(2023, 8, 2), null, "Nadia Patel"),
            ],
        };
        var supervisor = Nobody with
        {
            GivenName = "Nadia",
            FamilyName = "Patel",
            GmcNumber = "7654329",
            Emails = ["npatel@royal.example"],
            Trainees = ["Aoife O'Brien"],
        };

        Assert.Equal(MatchLevel.Unlikely, Matcher.Match(everywhere, NobodysEmail, trainee).Level);
        Assert.True(Matcher.Match(everywhere, NobodysEmail, supervisor).Level <= MatchLevel.Possible);
    }

    [Fact]
    public void A_detail_of_another_post_is_no_contradiction_and_no_support()
    {
        var held = Nobody with
        {
            Posts =
            [
                new HeldPost("Royal Infirmary", "Cardiology", "ST4", new DateOnly(2023, 8, 2), null, null),
                new HeldPost(
                    "Ysbyty Gwynedd",
                    "Geriatrics",
                    "ST3",
                    new DateOnly(2022, 8, 3),
                    new DateOnly(2023, 8, 1),
                    null
                ),
            ],
        };

        var match = Matcher.Match(
            new CaseEvidence
            {
                LastPost = new StatedPost
                {
                    Employer = "Royal Infirmary",
                    From = "August 2023",
                    Grade = "ST3",
                },
            },
            NobodysEmail,
            held
        );

        Assert.Equal(Mark.Unclear, match.Facts.Single(fact => fact.Kind == FactKind.Grade).Mark);
        Assert.Equal("2 August 2023", match.Facts.Single(fact => fact.Kind == FactKind.From).Held);
    }

    private static readonly HeldRecord Nobody = new()
    {
        Account = new AccountReference(Guid.Empty, "nobody0000", "", null, null, false, true, StaffKind.None),
    };

    private static EvidenceMatch Match(IEnumerable<Statement> said, HeldRecord held) =>
        Matcher.Match(Story.Evidence(said), NobodysEmail, held);

    private static void Holds(Func<Story, bool> property) =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(2_000),
            Prop.ForAll(
                Statements.Stories,
                story => property(story).Label($"{story.Held}\nsaid: {string.Join(", ", story.Said)}")
            )
        );
}

namespace IntrospectionAuth.Diagnostics;

/// <summary>Collects the checks of a decision. What comes after the first check that fails is not reached.</summary>
internal sealed class CheckList
{
    private readonly List<Check> _checks = new(16);

    /// <summary>Whether the handler makes further checks.</summary>
    public bool IsOpen { get; private set; } = true;

    public IReadOnlyList<Check> Checks => _checks;

    public void Skip(string name, string expected, string found = "") =>
        Add(name, expected, found, CheckVerdict.NotApplicable, failure: null);

    /// <summary>Adds a check that the handler makes if no earlier one has failed.</summary>
    public void Add(string name, string expected, string found, bool passes, OAuthIntrospectionFailure? failure)
    {
        CheckVerdict verdict =
            !IsOpen ? CheckVerdict.NotReached
            : passes ? CheckVerdict.Passed
            : CheckVerdict.Failed;
        Add(name, expected, found, verdict, verdict == CheckVerdict.Failed ? failure : null);
    }

    /// <summary>Adds a check, or skips it if it does not apply.</summary>
    public void AddIf(bool applies, string name, string expected, string found, bool passes, OAuthIntrospectionFailure failure)
    {
        if (applies)
            Add(name, expected, found, passes, failure);
        else
            Skip(name, expected, found);
    }

    private void Add(string name, string expected, string found, CheckVerdict verdict, OAuthIntrospectionFailure? failure)
    {
        _checks.Add(
            new Check
            {
                Name = name,
                Expected = expected,
                Found = found,
                Verdict = verdict,
                Failure = failure,
            }
        );
        IsOpen &= verdict != CheckVerdict.Failed;
    }
}

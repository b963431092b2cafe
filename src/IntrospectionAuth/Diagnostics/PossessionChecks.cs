using IntrospectionAuth.DPoP;
using IntrospectionAuth.Responses;
using IntrospectionAuth.Validation;
using static IntrospectionAuth.OAuthIntrospectionFailure;

namespace IntrospectionAuth.Diagnostics;

/// <summary>
/// The checks of a decision that are about keys and certificates: the proof of the request, and what the token is bound to.
/// </summary>
internal static class PossessionChecks
{
    /// <summary>The check that fails last, without a request: everything else about the token is right.</summary>
    public const string MissingProof = "binding";

    public static void AddProof(CheckList list, TokenFacts facts)
    {
        bool isRequired = facts.Options.RequireDPoP;
        if (!facts.Token.IsDPoP && !isRequired)
        {
            list.Skip("DPoP proof", "none for a bearer token");
        }
        else if (!facts.HasRequest && (facts.Response is not null || facts.Failure != BindingNotProved))
        {
            list.Skip("DPoP proof", "a valid proof (RequireDPoP)"); // demanded last
        }
        else if (!facts.HasRequest)
        {
            list.Add("DPoP proof", "a valid proof (RequireDPoP)", "no request that could have one", passes: false, BindingNotProved);
        }
        else if (!facts.Token.IsDPoP)
        {
            list.Add("DPoP proof", "a valid proof (RequireDPoP)", "a bearer token", passes: false, DPoPRequired);
        }
        else
        {
            bool isRejected = facts.Proof is null && facts.ProofFault != ProofFault.None;
            list.Add(
                "DPoP proof",
                "a valid proof",
                isRejected ? CheckTexts.Of(facts.ProofFault) : "a valid one",
                !isRejected,
                facts.Failure
            );
        }
    }

    public static void AddBinding(CheckList list, TokenFacts facts)
    {
        Confirmation? confirmation = facts.Response?.Confirmation;
        if (!facts.HasRequest && facts.Response is not null)
        {
            AddBindingWithoutRequest(list, facts.Options, confirmation);
            return;
        }

        if (confirmation is null && facts.Proof is null)
        {
            list.Skip(MissingProof, "a proof of possession, for a bound token", facts.Response is null ? "" : "a token that is not bound");
            return;
        }

        AddKindOfBinding(list, confirmation);
        OAuthIntrospectionFailure? keyFailure = BindingValidator.ValidateKey(confirmation, facts.Proof);
        list.Add("DPoP binding", CheckTexts.ExpectedKey(confirmation), CheckTexts.OfKey(keyFailure), keyFailure is null, keyFailure);

        if (confirmation?.CertificateThumbprint is not null)
        {
            bool isProved = facts.Failure != BindingNotProved;
            list.Add(
                "certificate binding",
                "the client certificate of the token's x5t#S256",
                isProved ? "the same certificate" : "no client certificate, or another one",
                isProved,
                BindingNotProved
            );
        }

        if (facts.Proof is not null)
        {
            bool isNew = facts.ProofFault == ProofFault.None;
            string found = isNew ? "a new one" : CheckTexts.Of(facts.ProofFault);
            list.Add("DPoP replay", "a proof that was not used before", found, isNew, facts.Failure);
        }
    }

    private static void AddBindingWithoutRequest(CheckList list, OAuthIntrospectionOptions options, Confirmation? confirmation)
    {
        if (confirmation is not null)
            AddKindOfBinding(list, confirmation);
        if (options.RequireDPoP)
        {
            bool hasKey = confirmation?.JwkThumbprint is not null;
            list.Add(
                "DPoP binding",
                "a token that is bound to a key (RequireDPoP)",
                hasKey ? "one" : "a token that is not",
                hasKey,
                NotBound
            );
        }

        if (confirmation is null)
        {
            list.Skip(MissingProof, "a proof of possession, for a bound token", "a token that is not bound");
        }
        else
        {
            list.Add(
                MissingProof,
                "a token that is not bound",
                "a bound token, and no request that proves possession",
                false,
                BindingNotProved
            );
        }
    }

    private static void AddKindOfBinding(CheckList list, Confirmation? confirmation)
    {
        bool isKnown = BindingValidator.FindUnknownBinding(confirmation) is null;
        list.Add("cnf", "jkt or x5t#S256 alone", isKnown ? "nothing else" : "a binding that is not supported", isKnown, BindingNotProved);
    }
}

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
    public static void AddProof(CheckList list, TokenFacts facts)
    {
        bool isRequired = facts.Options.RequireDPoP;
        if (!facts.Token.IsDPoP && !isRequired)
        {
            list.Skip("DPoP proof", "none for a bearer token");
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
        if (confirmation is null && facts.Proof is null)
        {
            list.Skip("binding", "a proof of possession, for a bound token", facts.Response is null ? "" : "a token that is not bound");
            return;
        }

        if (!facts.HasRequest)
        {
            list.Add(
                "binding",
                "a token that is not bound",
                "a bound token, and no request that proves possession",
                false,
                BindingNotProved
            );
            return;
        }

        bool isKnown = BindingValidator.FindUnknownBinding(confirmation) is null;
        list.Add("cnf", "jkt or x5t#S256 alone", isKnown ? "nothing else" : "a binding that is not supported", isKnown, BindingNotProved);

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
}

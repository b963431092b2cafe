using IntrospectionAuth.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace IntrospectionAuth.Tests.Diagnostics;

/// <summary>A real provider, until its keys are lost.</summary>
internal sealed class BrokenDataProtection : IDataProtectionProvider, IDataProtector
{
    private readonly EphemeralDataProtectionProvider _provider = new EphemeralDataProtectionProvider();

    public bool IsBroken { get; set; }

    public static BrokenDataProtection Of(KestrelApi api) =>
        (BrokenDataProtection)api.Services.GetRequiredService<IDataProtectionProvider>();

    public IDataProtector CreateProtector(string purpose) => this;

    public byte[] Protect(byte[] plaintext) =>
        IsBroken ? throw new IOException("The keys are lost.") : _provider.CreateProtector("test").Protect(plaintext);

    public byte[] Unprotect(byte[] protectedData) => _provider.CreateProtector("test").Unprotect(protectedData);
}

/* SPDX-License-Identifier: MIT */
/* A program that is linked with an engine, which is linked with what the test is about. */
int engine(void);

int main(void)
{
	return engine();
}
